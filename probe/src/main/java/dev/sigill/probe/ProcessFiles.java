package dev.sigill.probe;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code /proc} says of a process (proc(5)); all answers are empty where it says nothing. */
final class ProcessFiles {
  private final int pid;

  ProcessFiles(int pid) {
    this.pid = pid;
  }

  private Path file(String name) {
    return Path.of("/proc", Integer.toString(pid), name);
  }

  private String text(String name) {
    try {
      return new String(Files.readAllBytes(file(name)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  MemoryMap map() {
    return MemoryMap.parse(text("maps"));
  }

  /** The program and its arguments. */
  List<String> commandLine() {
    return List.of(text("cmdline").split("\0"));
  }

  /** The file of the program. */
  String program() {
    try {
      return Files.readSymbolicLink(file("exe")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** The current folder. */
  String folder() {
    try {
      return Files.readSymbolicLink(file("cwd")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** What one of its open files is: a path, {@code pipe:[1234]}; empty where it is not open. */
  String openFile(int descriptor) {
    try {
      return Files.readSymbolicLink(file("fd/" + descriptor)).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private String status(String field) {
    for (String line : text("status").split("\n")) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1).strip();
      }
    }
    return "";
  }

  /** Whether the process has a handler of its own for a signal, or ignores it. */
  boolean isHandled(int signal) {
    for (String field : new String[] {"SigCgt", "SigIgn"}) {
      String mask = status(field);
      if (!mask.isEmpty() && (Long.parseUnsignedLong(mask, 16) >>> (signal - 1) & 1) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Its threads. */
  List<Integer> threads() {
    var threads = new ArrayList<Integer>();
    try (var folders = Files.newDirectoryStream(file("task"))) {
      for (Path folder : folders) {
        threads.add(Integer.valueOf(folder.getFileName().toString()));
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return List.of();
    }
    return threads;
  }

  /** Where the stack of a thread ends that waits in a system call, or 0 where it does not. */
  long stackPointer(int thread) {
    // Number, six arguments, stack pointer, program counter.
    String[] words = text("task/" + thread + "/syscall").strip().split(" ");
    return words.length == 9 ? Long.parseUnsignedLong(words[7].substring(2), 16) : 0;
  }

  /** The number of the process that a thread belongs to. */
  int process() {
    String group = status("Tgid");
    return group.isEmpty() ? pid : Integer.parseInt(group);
  }

  /** The signals that a thread blocks, bit 0 for signal 1. */
  long blocked() {
    String mask = status("SigBlk");
    return mask.isEmpty() ? 0 : Long.parseUnsignedLong(mask, 16);
  }

  /** Memory of the process, up to {@code length} bytes; fewer where the mapping ends. */
  byte[] memory(long address, int length) {
    if (address < 0) {
      return new byte[0];
    }
    var bytes = new byte[length];
    int read = 0;
    try (var memory = new RandomAccessFile(file("mem").toFile(), "r")) {
      memory.seek(address);
      while (read < length) {
        int n = memory.read(bytes, read, length - read);
        if (n <= 0) {
          break;
        }
        read += n;
      }
      return java.util.Arrays.copyOf(bytes, read);
    } catch (IOException e) {
      if (read > 0) {
        // The end of the mapping was met after a part.
        return java.util.Arrays.copyOf(bytes, read);
      }
      // A read that goes past a mapping's end may fail as a whole.
      int page = 4096;
      int first = (int) Math.min(length, page - (address & page - 1));
      return length > first ? memory(address, first) : new byte[0];
    }
  }

  /** The children that a thread of this process has. */
  static List<Integer> childrenOfThread(int process, int thread) {
    var children = new ArrayList<Integer>();
    Path file = Path.of("/proc", "" + process, "task", "" + thread, "children");
    try {
      for (String word : Files.readString(file).strip().split("\\s+")) {
        if (!word.isEmpty()) {
          children.add(Integer.valueOf(word));
        }
      }
    } catch (IOException e) {
      // Kernels without CONFIG_PROC_CHILDREN: nobody to watch.
      return List.of();
    }
    return children;
  }
}
