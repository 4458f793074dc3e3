package dev.sigill.isa.x86;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * Finds one encoding of every form of the tables and writes it with its text and features to {@code
 * cases.txt}, from where {@link X86CaseTest} reads it. A change of that file is reviewed like code;
 * {@link X86Differential} proves the same facts against other disassemblers.
 */
final class X86CaseWriter {
  private X86CaseWriter() {}

  public static void main(String[] args) throws IOException {
    Path core = Path.of(args.length > 0 ? args[0] : ".");
    var out = new ArrayList<String>();
    out.add("# bytes | text | features that it needs, alternatives after a bar, - for the base");
    find().values().forEach(c -> out.add(line(c)));
    Files.write(core.resolve("src/test/resources/dev/sigill/isa/x86/cases.txt"), out);
  }

  static String line(byte[] code) {
    var decoder = new X86Decoder();
    int length = decoder.decode(code, 0, code.length, 0x1000);
    return HexFormat.of().formatHex(code, 0, length)
        + " | "
        + X86Formatter.format(decoder)
        + " | "
        + features(decoder);
  }

  static String features(X86Decoder decoder) {
    var alternatives = new ArrayList<String>();
    X86Terms.term(decoder.term())
        .anyOf()
        .forEach(set -> alternatives.add(set.isEmpty() ? "-" : String.join(",", set.ids())));
    return String.join(" | ", alternatives);
  }

  /** The first encoding of each form, by its number. */
  static TreeMap<Integer, byte[]> find() {
    var found = new TreeMap<Integer, byte[]>();
    var decoder = new X86Decoder();
    for (byte[] code : encodings()) {
      if (decoder.decode(code, 0, code.length, 0x1000) > 0) {
        int form = decoder.form();
        // Odd forms show registers, even ones memory, where they have both.
        boolean wantsMemory = form % 2 == 0;
        byte[] known = found.get(form);
        if (known == null) {
          found.put(form, code);
        } else if (decoder.hasMemory() == wantsMemory) {
          decoder.decode(known, 0, known.length, 0x1000);
          if (decoder.hasMemory() != wantsMemory) {
            found.put(form, code);
          }
        }
      }
    }
    return found;
  }

  private static List<byte[]> encodings() {
    var out = new ArrayList<byte[]>();
    for (String space : X86Differential.SPACES) {
      out.addAll(X86Differential.enumerate(space));
    }
    for (int opcode : new int[] {0xf6, 0xf8}) {
      for (int pp = 2; pp < 4; pp++) {
        out.add(slot(0x62, 0xf7, 0x7c | pp, 0x08, opcode, 0xc3, 1, 2, 3, 4));
      }
    }
    int[] modrms = {0x44, 0x1d, 0xca, 0xf5, 0xc0, 0xc1, 0xd3, 0xee};
    for (int suffix = 0; suffix < 256; suffix++) {
      out.add(slot(0x0f, 0x0f, 0xca, suffix));
    }
    for (int map : new int[] {1, 2, 3, 5, 7}) {
      for (int bits = 0; bits < 16; bits++) {
        for (int opcode = 0; opcode < 256; opcode++) {
          for (int modrm : modrms) {
            for (int v : new int[] {0x78, 0x60}) {
              int p2 = (bits & 8) << 4 | v | bits & 7;
              out.add(slot(0xc4, 0xe0 | map, p2, opcode, modrm, 0x24));
            }
          }
        }
      }
    }
    for (int map : new int[] {1, 2, 3, 5, 6}) {
      for (int bits = 0; bits < 8; bits++) {
        for (int tail : new int[] {0x08, 0x28, 0x48, 0x49}) {
          for (int opcode = 0; opcode < 256; opcode++) {
            for (int modrm : modrms) {
              for (int v : new int[] {0x78, 0x60}) {
                int p1 = (bits & 4) << 5 | v | 4 | bits & 3;
                out.add(slot(0x62, 0xf0 | map, p1, tail, opcode, modrm, 0x24));
              }
            }
          }
        }
      }
    }
    for (int reg = 0; reg < 64; reg++) {
      for (int opcode : new int[] {0xc6, 0xc7}) {
        for (int w : new int[] {0x7d, 0xfd}) {
          out.add(slot(0x62, 0xf2, w, 0x49, opcode, 0x04 | reg << 3 & 0x38, 0x24));
        }
      }
      for (int prefix : new int[] {0x66, 0xf3, 0xf2, 0x3e}) {
        for (int opcode : new int[] {0x01, 0x1e, 0xa6, 0xa7, 0xae, 0xc7}) {
          out.add(slot(prefix, 0x0f, opcode, 0xc0 | reg));
        }
      }
      out.add(slot(0x0f, 0x01, 0xc0 | reg));
      for (int opcode = 0xd8; opcode < 0xe0; opcode++) {
        out.add(slot(opcode, 0xc0 | reg));
      }
    }
    out.add(slot(0xc6, 0xf8, 0x01));
    out.add(slot(0xc7, 0xf8, 0x01));
    out.add(slot(0xf3, 0x0f, 0x3a, 0xf0, 0xc0, 0x01));
    out.add(slot(0xd5, 0x00, 0xa1, 0x11, 0x22, 0x33, 0x44));
    out.add(slot(0x0f, 0x78, 0xc8, 0x01, 0x02));
    return out;
  }

  private static byte[] slot(int... bytes) {
    var out = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = (byte) bytes[i];
    }
    return out;
  }
}
