package dev.sigill.isa.x86;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares the decoder with an independent disassembler, instruction by instruction: length, and
 * the features that {@link FeatureOfText} derives from the disassembler's text.
 *
 * <pre>{@code
 * java -cp core/target/classes:core/target/test-classes dev.sigill.isa.x86.X86Differential \
 *     [--tool objdump|llvm-objdump|PATH] [--mnemonics] [--enumerate | --spaces SPACE,...] FILE...
 * }</pre>
 *
 * <p>{@code --enumerate} makes up encodings instead: every opcode of every map with every mandatory
 * prefix, W, vector length and a choice of ModRM bytes. Differences that are known and agreed are
 * in {@code agreed-differences.txt} beside this class; others are printed and make the exit status
 * 1.
 */
public final class X86Differential {
  /** The kinds of made-up encodings. */
  static final List<String> SPACES = List.of("legacy", "vex", "evex", "xop", "apx");

  private static final int SLOT = 32;

  private static final Set<String> PREFIX_WORDS =
      Set.of(
          "rep",
          "repz",
          "repnz",
          "repe",
          "repne",
          "lock",
          "data16",
          "addr32",
          "cs",
          "ds",
          "es",
          "ss",
          "fs",
          "gs",
          "bnd",
          "notrack",
          "xacquire",
          "xrelease",
          "{evex}",
          "{vex}",
          "{vex3}",
          "{nf}",
          "{rex2}",
          "{load}",
          "data32",
          "addr16");

  private static final Pattern BAD = Pattern.compile("bad\\)|bad\\}|<unknown>|\\?|\\.byte");

  private static final Pattern REX = Pattern.compile("rex(\\.W?R?X?B?)?");

  /** A difference that is explained, with the reason. */
  private record Agreed(
      String tool, String kind, Pattern text, Pattern ours, String reason, long[] count) {}

  private final String tool;
  private final boolean isLlvm;
  private final boolean comparesMnemonics;
  private final List<Agreed> agreed;
  private final X86Decoder decoder = new X86Decoder();
  private final Map<String, long[]> counts = new TreeMap<>();
  private final Map<String, String> examples = new HashMap<>();
  private long instructions;
  private long bytes;
  private long lengthDifferences;
  private long featureDifferences;
  private long mnemonicDifferences;
  private long explained;

  X86Differential(String tool, boolean comparesMnemonics) throws IOException {
    this.tool = tool;
    this.isLlvm = tool.contains("llvm");
    this.comparesMnemonics = comparesMnemonics;
    this.agreed = readAgreed();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(run(args).unexplained() == 0 ? 0 : 1);
  }

  /** Compares what the arguments say and prints the figures. */
  static X86Differential run(String... args) throws IOException, InterruptedException {
    String tool = "objdump";
    List<String> spaces = List.of();
    boolean mnemonics = false;
    var files = new ArrayList<Path>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--tool" -> tool = args[++i];
        case "--enumerate" -> spaces = SPACES;
        case "--spaces" -> spaces = List.of(args[++i].split(","));
        case "--mnemonics" -> mnemonics = true;
        default -> files.add(Path.of(args[i]));
      }
    }
    var differential = new X86Differential(tool, mnemonics);
    differential.compareEnumerated(spaces);
    for (Path file : files) {
      long before = differential.instructions;
      differential.compareFile(file);
      System.out.printf(
          "%s: %,d instructions%n", file.getFileName(), differential.instructions - before);
    }
    System.out.print(differential.summary());
    return differential;
  }

  long instructions() {
    return instructions;
  }

  /** How many bytes of code were compared. */
  long bytes() {
    return bytes;
  }

  long unexplained() {
    return lengthDifferences + featureDifferences + mnemonicDifferences;
  }

  String summary() {
    var out = new StringBuilder();
    out.append(
        "%,d instructions, %,d bytes; not agreed: %,d lengths, %,d features, %,d mnemonics; agreed: %,d%n"
            .formatted(
                instructions,
                bytes,
                lengthDifferences,
                featureDifferences,
                mnemonicDifferences,
                explained));
    for (Agreed a : agreed) {
      if (a.count[0] > 0) {
        out.append("  agreed %,10d  %s %s: %s%n".formatted(a.count[0], a.kind, a.text, a.reason));
      }
    }
    counts.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, long[]> e) -> -e.getValue()[0])
                .thenComparing(Map.Entry::getKey))
        .limit(Integer.getInteger("differences", 120))
        .forEach(
            e ->
                out.append(
                    "  %,10d  %s   e.g. %s%n"
                        .formatted(e.getValue()[0], e.getKey(), examples.get(e.getKey()))));
    return out.toString();
  }

  private static List<Agreed> readAgreed() throws IOException {
    var out = new ArrayList<Agreed>();
    try (InputStream in = X86Differential.class.getResourceAsStream("agreed-differences.txt")) {
      if (in == null) {
        throw new IOException("agreed-differences.txt is not on the class path");
      }
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] columns = line.split("\\s+\\|\\s+", 5);
        out.add(
            new Agreed(
                columns[0],
                columns[1],
                Pattern.compile(columns[2]),
                columns[3].equals("*") ? Pattern.compile("") : Pattern.compile(columns[3]),
                columns[4],
                new long[1]));
      }
    }
    return out;
  }

  // Reading a disassembly

  /** One line of a disassembly. */
  private static final class Line {
    long address;
    int at;
    int length;
    String text = "";
  }

  private final class Batch {
    final byte[] code = new byte[1 << 20];
    int size;
    long next;
    final List<Line> lines = new ArrayList<>();

    void add(long address, byte[] bytes, int length, String text) {
      if (address != next || size + 64 > code.length) {
        flush();
      }
      var line = new Line();
      line.address = address;
      line.at = size;
      line.length = length;
      line.text = text;
      lines.add(line);
      System.arraycopy(bytes, 0, code, size, length);
      size += length;
      next = address + length;
    }

    void flush() {
      for (Line line : lines) {
        compare(code, line.at, size, line);
      }
      lines.clear();
      size = 0;
    }
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private List<String> command(Path file) {
    return isLlvm
        ? List.of(
            tool,
            "-d",
            "--x86-asm-syntax=intel",
            "--no-print-imm-hex",
            "--mattr=+egpr,+push2pop2,+ppx,+ndd,+ccmp,+cf,+nf,+zu,+usermsr,+movrs",
            file.toString())
        : List.of(tool, "-d", "-w", "--insn-width=15", "-M", "intel", file.toString());
  }

  void compareFile(Path file) throws IOException, InterruptedException {
    var batch = new Batch();
    read(command(file), batch::add);
    batch.flush();
  }

  private interface Sink {
    void accept(long address, byte[] bytes, int length, String text);
  }

  private void read(List<String> command, Sink sink) throws IOException, InterruptedException {
    Process process = start(command);
    var bytes = new byte[64];
    try (var in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1),
            1 << 20)) {
      String line;
      while ((line = in.readLine()) != null) {
        parse(line, bytes, sink);
      }
    }
    process.waitFor();
  }

  private static void parse(String line, byte[] bytes, Sink sink) {
    int colon = line.indexOf(':');
    if (colon <= 0 || colon + 2 >= line.length()) {
      return;
    }
    int first = 0;
    while (first < colon && line.charAt(first) == ' ') {
      first++;
    }
    long address = 0;
    for (int i = first; i < colon; i++) {
      int digit = Character.digit(line.charAt(i), 16);
      if (digit < 0) {
        return;
      }
      address = address << 4 | digit;
    }
    int at = colon + 1;
    while (at < line.length() && (line.charAt(at) == '\t' || line.charAt(at) == ' ')) {
      at++;
    }
    int length = 0;
    while (at + 1 < line.length() && length < bytes.length) {
      int high = Character.digit(line.charAt(at), 16);
      int low = Character.digit(line.charAt(at + 1), 16);
      if (high < 0 || low < 0) {
        break;
      }
      bytes[length++] = (byte) (high << 4 | low);
      at += 2;
      if (at < line.length() && line.charAt(at) != ' ' && line.charAt(at) != '\t') {
        return;
      }
      at++;
      if (at < line.length() && line.charAt(at) == '\t' || at > 0 && line.charAt(at - 1) == '\t') {
        break;
      }
    }
    int tab = line.indexOf('\t', Math.max(0, at - 1));
    if (length == 0 || tab < 0 || length > 15) {
      return;
    }
    String text = line.substring(tab + 1);
    int comment = text.indexOf('#');
    if (comment >= 0) {
      text = text.substring(0, comment);
    }
    sink.accept(address, bytes, length, text.replace('\t', ' ').trim());
  }

  // Comparing

  private void compare(byte[] code, int at, int limit, Line line) {
    instructions++;
    bytes += line.length;
    boolean isBad = BAD.matcher(line.text).find();
    int size = decoder.decode(code, at, limit, line.address);
    if (size == X86Decoder.TRUNCATED && !isBad) {
      // The disassembly has a gap here.
      instructions--;
      return;
    }
    String text = withoutPrefixes(line.text);
    String ours = size > 0 ? X86Formatter.format(decoder) : "(bad)";
    Set<String> found =
        size > 0 ? new TreeSet<>(X86Terms.term(decoder.term()).anyOf().getFirst().ids()) : Set.of();
    if (isBad ? size > 0 : size != line.length) {
      differ("length", text.isEmpty() ? line.text : text, ours + " " + found, code, at, line);
      return;
    }
    if (isBad) {
      return;
    }
    Set<String> theirs = FeatureOfText.of(text, introduction(code, at), evexLength(code, at));
    if (!theirs.equals(found) && !reduce(theirs).equals(reduce(found))) {
      differ("feature", text + " " + theirs, ours + " " + found, code, at, line);
    }
    if (comparesMnemonics) {
      String theirMnemonic = mnemonic(text);
      String ourMnemonic = mnemonic(withoutPrefixes(ours));
      if (!theirMnemonic.equals(ourMnemonic)) {
        differ("mnemonic", text, ours, code, at, line);
      }
    }
  }

  private void differ(String kind, String text, String ours, byte[] code, int at, Line line) {
    String shown = text + " {" + hex(code, at, line.length + 4) + "}";
    for (Agreed a : agreed) {
      if ((a.tool.equals("*") || a.tool.equals(isLlvm ? "llvm" : "gnu"))
          && (a.kind.equals("*") || a.kind.equals(kind))
          && a.ours.matcher(ours).find()
          && (a.text.matcher(shown).find() || a.text.matcher(line.text).find())) {
        a.count[0]++;
        explained++;
        return;
      }
    }
    switch (kind) {
      case "length" -> lengthDifferences++;
      case "feature" -> featureDifferences++;
      default -> mnemonicDifferences++;
    }
    String key =
        kind.equals("feature")
            ? kind
                + " "
                + mnemonic(text)
                + text.substring(text.lastIndexOf('['))
                + " / "
                + ours.substring(ours.lastIndexOf('['))
            : kind + " " + mnemonic(text) + " / " + mnemonic(withoutPrefixes(ours));
    counts.computeIfAbsent(key, x -> new long[1])[0]++;
    examples.computeIfAbsent(
        key,
        x -> {
          return Long.toHexString(line.address)
              + " "
              + hex(code, at, line.length + 4)
              + " ["
              + line.text
              + "] ["
              + ours
              + "]";
        });
  }

  private static String hex(byte[] code, int at, int length) {
    return HexFormat.of().formatHex(code, at, Math.min(code.length, at + length));
  }

  private static String mnemonic(String text) {
    int space = text.indexOf(' ');
    return space < 0 ? text : text.substring(0, space);
  }

  private static String withoutPrefixes(String text) {
    String rest = text;
    while (true) {
      int space = rest.indexOf(' ');
      String word = space < 0 ? rest : rest.substring(0, space);
      if (!PREFIX_WORDS.contains(word) && !REX.matcher(word).matches()) {
        return rest;
      }
      if (space < 0) {
        return "";
      }
      rest = rest.substring(space + 1).trim();
    }
  }

  private static int firstOpcodeByte(byte[] code, int at) {
    int p = at;
    while (true) {
      switch (code[p] & 0xff) {
        case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3 -> p++;
        default -> {
          return p;
        }
      }
    }
  }

  private static FeatureOfText.Introduction introduction(byte[] code, int at) {
    int p = firstOpcodeByte(code, at);
    return switch (code[p] & 0xff) {
      case 0xc4, 0xc5 -> FeatureOfText.Introduction.VEX;
      case 0x62 -> FeatureOfText.Introduction.EVEX;
      case 0x8f ->
          (code[p + 1] & 0x1f) >= 8
              ? FeatureOfText.Introduction.XOP
              : FeatureOfText.Introduction.LEGACY;
      case 0xd5 -> FeatureOfText.Introduction.REX2;
      default -> FeatureOfText.Introduction.LEGACY;
    };
  }

  /** The vector length of an EVEX instruction: 0, 1, 2 for 128, 256, 512 bits. */
  private static int evexLength(byte[] code, int at) {
    int p = firstOpcodeByte(code, at);
    if ((code[p] & 0xff) != 0x62) {
      return 0;
    }
    boolean hasRounding = (code[p + 3] & 0x10) != 0 && (code[p + 5] & 0xc0) == 0xc0;
    return hasRounding ? 2 : code[p + 3] >>> 5 & 3;
  }

  private static final Map<Set<String>, Set<String>> REDUCED = new HashMap<>();

  /** The features that no other one of the set implies. */
  static Set<String> reduce(Set<String> features) {
    return REDUCED.computeIfAbsent(
        features,
        set -> {
          var out = new TreeSet<>(set);
          for (String one : set) {
            FeatureSet implied = Feature.byId(one).closure();
            for (String other : set) {
              if (!other.equals(one) && implied.contains(Feature.byId(other))) {
                out.remove(other);
              }
            }
          }
          return out;
        });
  }

  // Made-up encodings

  void compareEnumerated(List<String> spaces) throws IOException, InterruptedException {
    for (String space : spaces) {
      Path file = Files.createTempFile("encodings", ".o");
      try {
        long before = instructions;
        List<byte[]> cases = enumerate(space);
        writeObject(file, cases);
        var index = new int[1];
        read(
            command(file),
            (address, bytes, length, text) -> {
              if (address % SLOT != 0) {
                return;
              }
              byte[] code = cases.get((int) (address / SLOT));
              var line = new Line();
              line.address = address;
              line.length = length;
              line.text = text;
              compare(code, 0, code.length, line);
              index[0]++;
            });
        if (index[0] != cases.size()) {
          throw new IOException(
              tool + " showed " + index[0] + " of " + cases.size() + " encodings");
        }
        System.out.printf("%s: %,d encodings%n", space, instructions - before);
      } finally {
        Files.delete(file);
      }
    }
  }

  private static final int[] SOME_MODRM = {
    0x00, 0x04, 0x05, 0x0c, 0x14, 0x1a, 0x21, 0x2a, 0x31, 0x3b, 0x44, 0x4d, 0x86, 0x94, 0xc0, 0xc1,
    0xc8, 0xca, 0xd1, 0xd3, 0xda, 0xdc, 0xe0, 0xe5, 0xe8, 0xee, 0xf0, 0xf3, 0xf7, 0xf8, 0xfa, 0xfe
  };

  /** Encodings of one kind, each padded to a slot. */
  static List<byte[]> enumerate(String space) {
    var out = new ArrayList<byte[]>();
    switch (space) {
      case "legacy" -> {
        int[][] prefixes = {
          {},
          {0x66},
          {0xf3},
          {0xf2},
          {0x48},
          {0x66, 0x48},
          {0xf3, 0x48},
          {0xf2, 0x48},
          {0x45},
          {0x66, 0xf2},
          {0x66, 0xf3},
          {0x67},
          {0xf0},
          {0x64},
          {0x67, 0x4f}
        };
        int[][] maps = {{}, {0x0f}, {0x0f, 0x38}, {0x0f, 0x3a}};
        for (int[] prefix : prefixes) {
          for (int[] map : maps) {
            for (int opcode = 0; opcode < 256; opcode++) {
              for (int modrm : SOME_MODRM) {
                add(out, prefix, map, new int[] {opcode, modrm});
              }
            }
          }
        }
      }
      case "vex", "xop" -> {
        boolean isXop = space.equals("xop");
        for (int map = isXop ? 8 : 1; map <= (isXop ? 10 : 3); map++) {
          for (int bits = 0; bits < 16; bits++) {
            for (int v : new int[] {0x78, 0x50}) {
              for (int opcode = 0; opcode < 256; opcode++) {
                for (int modrm : SOME_MODRM) {
                  int p2 = (bits & 8) << 4 | v | bits & 7;
                  add(out, new int[] {isXop ? 0x8f : 0xc4, 0xe0 | map, p2, opcode, modrm});
                }
              }
            }
          }
        }
      }
      case "evex" -> {
        for (int map : new int[] {1, 2, 3, 5, 6}) {
          for (int bits = 0; bits < 8; bits++) {
            for (int tail : new int[] {0x08, 0x28, 0x48, 0x09, 0x49, 0xc9, 0x18, 0x58, 0x68}) {
              for (int opcode = 0; opcode < 256; opcode++) {
                for (int modrm : SOME_MODRM) {
                  for (int v : (modrm & 7) == 0 ? new int[] {0x78, 0x50} : new int[] {0x78}) {
                    int p1 = (bits & 4) << 5 | v | 4 | bits & 3;
                    add(out, new int[] {0x62, 0xf0 | map, p1, tail, opcode, modrm});
                  }
                }
              }
            }
          }
        }
      }
      case "apx" -> {
        for (int bits = 0; bits < 8; bits++) {
          for (int tail : new int[] {0x08, 0x0c, 0x18, 0x1c, 0x02}) {
            for (int opcode = 0; opcode < 256; opcode++) {
              for (int modrm : SOME_MODRM) {
                for (int v : new int[] {0x78, 0x50}) {
                  int p1 = (bits & 4) << 5 | v | 4 | bits & 3;
                  add(out, new int[] {0x62, 0xf4, p1, tail, opcode, modrm});
                }
              }
            }
          }
        }
        for (int payload : new int[] {0x00, 0x08, 0x55, 0x11, 0x80, 0x88, 0xc4, 0x90}) {
          for (int[] prefix : new int[][] {{}, {0x66}, {0xf3}, {0xf2}}) {
            for (int opcode = 0; opcode < 256; opcode++) {
              for (int modrm : SOME_MODRM) {
                add(out, prefix, new int[] {0xd5, payload, opcode, modrm});
              }
            }
          }
        }
      }
      default -> throw new IllegalArgumentException(space);
    }
    return out;
  }

  private static void add(List<byte[]> out, int[]... parts) {
    var slot = new byte[SLOT];
    int at = 0;
    for (int[] part : parts) {
      for (int b : part) {
        slot[at++] = (byte) b;
      }
    }
    int[] filler = {0x24, 0x11, 0x02, 0x24, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06};
    for (int b : filler) {
      if (at < 15) {
        slot[at++] = (byte) b;
      }
    }
    while (at < SLOT) {
      slot[at++] = (byte) 0x90;
    }
    out.add(slot);
  }

  /** A relocatable ELF file whose .text holds the encodings, one in each slot. */
  private static void writeObject(Path file, List<byte[]> cases) throws IOException {
    byte[] names = "\0.text\0.shstrtab\0".getBytes(StandardCharsets.US_ASCII);
    long textSize = (long) cases.size() * SLOT;
    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    header.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    header.putShort((short) 1).putShort((short) 62).putInt(1).putLong(0).putLong(0);
    header.putLong(64 + textSize + names.length).putInt(0).putShort((short) 64);
    header.putShort((short) 0).putShort((short) 0).putShort((short) 64);
    header.putShort((short) 3).putShort((short) 2);
    ByteBuffer sections = ByteBuffer.allocate(3 * 64).order(ByteOrder.LITTLE_ENDIAN);
    sections.position(64);
    sections.putInt(1).putInt(1).putLong(6).putLong(0).putLong(64).putLong(textSize);
    sections.putInt(0).putInt(0).putLong(16).putLong(0);
    sections.putInt(7).putInt(3).putLong(0).putLong(0).putLong(64 + textSize);
    sections.putLong(names.length).putInt(0).putInt(0).putLong(1).putLong(0);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      out.write(header.array());
      for (byte[] one : cases) {
        out.write(one);
      }
      out.write(names);
      out.write(sections.array());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
