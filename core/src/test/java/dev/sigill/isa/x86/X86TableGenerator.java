package dev.sigill.isa.x86;

import dev.sigill.isa.Feature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Turns the instruction tables under {@code core/src/main/tables/x86} into the source of {@link
 * X86Tables}. The tables' {@code README.md} describes their columns. Run as {@code java -cp
 * target/classes:target/test-classes dev.sigill.isa.x86.X86TableGenerator} in {@code core}.
 */
final class X86TableGenerator {
  static final List<String> FILES =
      List.of("base", "system", "x87", "sse", "vex", "evex", "xop", "apx");

  /** The features that AVX10.1 contains, whatever the vector length. */
  private static final Set<String> IN_AVX10_1 =
      Set.of(
          "avx512f",
          "avx512cd",
          "avx512dq",
          "avx512bw",
          "avx512ifma",
          "avx512vbmi",
          "avx512_vbmi2",
          "avx512_vnni",
          "avx512_bitalg",
          "avx512_vpopcntdq",
          "avx512_bf16",
          "avx512_fp16");

  private static final int MOST_OPERANDS = 5;

  private static final List<String> GPRS =
      List.of("ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8", "r9", "r10", "r11");

  /** One line of a table. */
  static final class Row {
    String file = "";
    int line;
    String section = "";
    char space;
    int map;
    int opcode;
    boolean opcodeRange;
    int reg = -1;
    int rm = -1;
    char mod;
    int pp = 0b1111;
    boolean isPpExplicit;
    int w = -1;
    int vectorLengths = 0b1111;
    boolean isLengthIgnored;
    int b = -1;
    String mnemonic = "";
    final List<int[]> operands = new ArrayList<>();
    final List<String> operandTexts = new ArrayList<>();
    final Map<String, String> attributes = new LinkedHashMap<>();
    String feature = "";

    boolean has(String attribute) {
      return attributes.containsKey(attribute);
    }

    int specificity() {
      return (isPpExplicit ? 2 : 0)
          + (reg >= 0 ? 2 : 0)
          + (rm >= 0 ? 2 : 0)
          + (mod != 0 ? 2 : 0)
          + (w >= 0 ? 2 : 0)
          + (b >= 0 ? 1 : 0);
    }

    String where() {
      return file + ".txt:" + line + " " + mnemonic;
    }
  }

  /** A row for some vector lengths, with its number. */
  record Form(Row row, int vectorLengths, int term) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<Form> forms = new ArrayList<>();
  private final List<String> terms = new ArrayList<>(List.of("base"));
  private final List<Integer> cells = new ArrayList<>();
  private final Map<List<Integer>, Integer> nodes = new LinkedHashMap<>();
  private final Map<List<Integer>, Integer> operandLists = new LinkedHashMap<>();
  private final Map<String, Integer> mnemonicIds = new LinkedHashMap<>();

  X86TableGenerator() {
    forms.add(new Form(new Row(), 0, 0));
    operandLists.put(List.of(0, 0, 0, 0, 0), 0);
    mnemonicIds.put("(bad)", 0);
  }

  public static void main(String[] args) throws IOException {
    Path core = Path.of(args.length > 0 ? args[0] : ".");
    Files.writeString(target(core), generate(core));
  }

  static Path target(Path core) {
    return core.resolve("src/main/java/dev/sigill/isa/x86/X86Tables.java");
  }

  static String generate(Path core) throws IOException {
    return read(core).emit();
  }

  static X86TableGenerator read(Path core) throws IOException {
    var generator = new X86TableGenerator();
    for (String file : FILES) {
      generator.readFile(
          file, Files.readAllLines(core.resolve("src/main/tables/x86/" + file + ".txt")));
    }
    generator.number();
    generator.buildRoots();
    return generator;
  }

  List<Row> rows() {
    return rows;
  }

  List<Form> forms() {
    return forms;
  }

  private static IllegalStateException bad(Row row, String what) {
    return new IllegalStateException(row.where() + ": " + what);
  }

  private void readFile(String file, List<String> lines) {
    String section = "";
    String feature = "base";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("@section ")) {
        section = line.substring(9);
        continue;
      }
      if (line.startsWith("@feature ")) {
        feature = line.substring(9);
        continue;
      }
      String[] words = line.trim().split("\\s+");
      var row = new Row();
      row.file = file;
      row.line = i + 1;
      row.section = section;
      row.feature = feature;
      row.mnemonic = words[2];
      readOpcode(row, words[0]);
      readPrefixes(row, words[1]);
      int next = 3;
      if (!words[next].equals("-")) {
        for (String operand : words[next].split(",")) {
          row.operands.add(readOperand(row, operand, row.operands.isEmpty()));
          row.operandTexts.add(operand);
        }
      }
      next++;
      for (; next < words.length; next++) {
        int equals = words[next].indexOf('=');
        if (equals > 0) {
          row.attributes.put(words[next].substring(0, equals), words[next].substring(equals + 1));
        } else {
          row.attributes.put(words[next], "");
        }
      }
      row.feature = row.attributes.getOrDefault("f", row.feature);
      if (row.operands.size() > MOST_OPERANDS) {
        throw bad(row, "more than five operands");
      }
      rows.add(row);
    }
  }

  private void readOpcode(Row row, String text) {
    String rest = text;
    int colon = rest.indexOf(':', 1);
    boolean hasMapPrefix =
        colon == 2 && (rest.startsWith("M") || rest.startsWith("3D") || rest.startsWith("R2"));
    if (hasMapPrefix) {
      String map = rest.substring(0, colon);
      rest = rest.substring(colon + 1);
      row.map =
          switch (map) {
            case "M4" -> 4;
            case "M5" -> 5;
            case "M6" -> 6;
            case "M7" -> 7;
            case "M8" -> 8;
            case "M9" -> 9;
            case "MA" -> 10;
            case "3D" -> 32;
            case "R2" -> 33;
            default -> throw bad(row, "map " + map);
          };
    }
    colon = rest.indexOf(':');
    if (colon >= 0) {
      row.mod = rest.charAt(colon + 1);
      rest = rest.substring(0, colon);
    }
    String[] parts = rest.split("/");
    String opcode = parts[0];
    if (parts.length > 1 && !parts[1].isEmpty()) {
      row.reg = Integer.parseInt(parts[1]);
    }
    if (parts.length > 2) {
      row.rm = Integer.parseInt(parts[2]);
      row.mod = 'r';
    }
    if (opcode.endsWith("+")) {
      row.opcodeRange = true;
      opcode = opcode.substring(0, opcode.length() - 1);
    }
    if (!hasMapPrefix) {
      if (opcode.startsWith("0F38") && opcode.length() == 6) {
        row.map = 2;
      } else if (opcode.startsWith("0F3A") && opcode.length() == 6) {
        row.map = 3;
      } else if (opcode.startsWith("0F") && opcode.length() == 4) {
        row.map = 1;
      }
      opcode = opcode.substring(opcode.length() - 2);
    }
    row.opcode = Integer.parseInt(opcode, 16);
  }

  private void readPrefixes(Row row, String text) {
    row.space = row.map == 32 || row.map == 33 ? 'S' : 'L';
    if (text.equals("-")) {
      return;
    }
    int lengths = 0;
    for (String word : text.split("\\.")) {
      switch (word) {
        case "V", "E", "X" -> row.space = word.charAt(0);
        case "W0" -> row.w = 0;
        case "W1" -> row.w = 1;
        case "B0" -> row.b = 0;
        case "B1" -> row.b = 1;
        case "LIG" -> row.isLengthIgnored = true;
        case "128", "L0" -> lengths |= 1;
        case "256", "L1" -> lengths |= 2;
        case "512", "L2" -> lengths |= 4;
        case "256|512" -> lengths |= 6;
        default -> {
          int pp = 0;
          for (String one : word.split("\\|")) {
            pp |=
                switch (one) {
                  case "NP" -> 1;
                  case "66" -> 2;
                  case "F3" -> 4;
                  case "F2" -> 8;
                  default -> throw bad(row, "prefix " + one);
                };
          }
          row.pp = pp;
          row.isPpExplicit = true;
        }
      }
    }
    if (row.isLengthIgnored) {
      row.vectorLengths = row.space == 'E' ? 0b111 : 0b11;
    } else if (lengths != 0) {
      row.vectorLengths = lengths;
    } else {
      row.vectorLengths = row.space == 'E' ? 0b111 : row.space == 'L' ? 0b1111 : 0b11;
    }
  }

  private static int size(Row row, String text) {
    return switch (text) {
      case "" -> X86Forms.SIZE_NONE;
      case "b" -> X86Forms.SIZE_1;
      case "w" -> X86Forms.SIZE_2;
      case "d" -> X86Forms.SIZE_4;
      case "q" -> X86Forms.SIZE_8;
      case "o" -> X86Forms.SIZE_16;
      case "i" -> X86Forms.SIZE_32;
      case "j", "64" -> X86Forms.SIZE_64;
      case "t" -> X86Forms.SIZE_10;
      case "v" -> X86Forms.SIZE_V;
      case "z" -> X86Forms.SIZE_Z;
      case "y" -> X86Forms.SIZE_Y;
      case "x" -> X86Forms.SIZE_X;
      case "x2" -> X86Forms.SIZE_X2;
      case "x4" -> X86Forms.SIZE_X4;
      case "x8" -> X86Forms.SIZE_X8;
      case "s" -> X86Forms.SIZE_DESCRIPTOR;
      case "p" -> X86Forms.SIZE_FAR;
      case "n" -> X86Forms.SIZE_ADDRESS;
      case "28" -> X86Forms.SIZE_28;
      case "108" -> X86Forms.SIZE_108;
      case "512" -> X86Forms.SIZE_512;
      case "48" -> X86Forms.SIZE_48;
      default -> throw bad(row, "size " + text);
    };
  }

  /** Place, class, register size, memory size, broadcast element, access, fixed register. */
  private int[] readOperand(Row row, String text, boolean isFirst) {
    int access = isFirst ? (row.space == 'L' || row.space == 'S' ? 3 : 2) : 1;
    String rest = text;
    switch (rest.charAt(0)) {
      case '=' -> access = 2;
      case '+' -> access = 3;
      case '<' -> access = 1;
      default -> {}
    }
    boolean isSigned = "=+<".indexOf(rest.charAt(0)) >= 0;
    if (isSigned) {
      rest = rest.substring(1);
    }
    int[] fixed =
        switch (rest) {
          case "AL" -> fixed(X86Forms.GPR, X86Forms.SIZE_1, 0);
          case "CL" -> fixed(X86Forms.GPR, X86Forms.SIZE_1, 1);
          case "AX" -> fixed(X86Forms.GPR, X86Forms.SIZE_2, 0);
          case "DX" -> fixed(X86Forms.GPR, X86Forms.SIZE_2, 2);
          case "rAX" -> fixed(X86Forms.GPR, X86Forms.SIZE_V, 0);
          case "eAX" -> fixed(X86Forms.GPR, X86Forms.SIZE_Z, 0);
          case "FS" -> fixed(X86Forms.SEGMENT, X86Forms.SIZE_2, 4);
          case "GS" -> fixed(X86Forms.SEGMENT, X86Forms.SIZE_2, 5);
          case "ST" -> fixed(X86Forms.X87, X86Forms.SIZE_10, 0);
          case "X0" -> fixed(X86Forms.VECTOR, X86Forms.SIZE_16, 0);
          case "1" ->
              new int[] {X86Forms.PLACE_ONE, X86Forms.IMMEDIATE, X86Forms.SIZE_1, 0, 0, 1, 0};
          case "Fi" -> new int[] {X86Forms.PLACE_RM, X86Forms.X87, X86Forms.SIZE_10, 0, 0, 1, 0};
          case "kP" ->
              new int[] {X86Forms.PLACE_REG, X86Forms.MASK_PAIR, X86Forms.SIZE_8, 0, 0, 2, 0};
          case "I4" ->
              new int[] {X86Forms.PLACE_IS4_LOW, X86Forms.IMMEDIATE, X86Forms.SIZE_1, 0, 0, 1, 0};
          case "Ib2" ->
              new int[] {X86Forms.PLACE_IMM2, X86Forms.IMMEDIATE, X86Forms.SIZE_1, 0, 0, 1, 0};
          case "Ibs" ->
              new int[] {
                X86Forms.PLACE_IMM, X86Forms.IMMEDIATE, X86Forms.SIZE_V, X86Forms.SIZE_1, 0, 1, 0
              };
          case "Ib" -> immediate(X86Forms.SIZE_1);
          case "Iw" -> immediate(X86Forms.SIZE_2);
          case "Id" -> immediate(X86Forms.SIZE_4);
          case "Iq" -> immediate(X86Forms.SIZE_8);
          case "Iz" ->
              new int[] {
                X86Forms.PLACE_IMM, X86Forms.IMMEDIATE, X86Forms.SIZE_V, X86Forms.SIZE_Z, 0, 1, 0
              };
          case "Iv" -> immediate(X86Forms.SIZE_V);
          case "Jb" ->
              new int[] {
                X86Forms.PLACE_REL, X86Forms.RELATIVE, X86Forms.SIZE_8, X86Forms.SIZE_1, 0, 1, 0
              };
          case "Jz" ->
              new int[] {
                X86Forms.PLACE_REL, X86Forms.RELATIVE, X86Forms.SIZE_8, X86Forms.SIZE_4, 0, 1, 0
              };
          case "Jv" ->
              new int[] {
                X86Forms.PLACE_REL, X86Forms.RELATIVE, X86Forms.SIZE_8, X86Forms.SIZE_Z, 0, 1, 0
              };
          default -> null;
        };
    if (fixed != null) {
      fixed[5] = fixed[1] == X86Forms.IMMEDIATE || fixed[1] == X86Forms.RELATIVE ? 1 : access;
      return fixed;
    }
    char letter = rest.charAt(0);
    int place;
    int kind = X86Forms.GPR;
    int cut = 1;
    switch (letter) {
      case 'E' -> place = X86Forms.PLACE_RM;
      case 'R' -> place = X86Forms.PLACE_RM;
      case 'G' -> place = X86Forms.PLACE_REG;
      case 'Z' -> place = X86Forms.PLACE_OPCODE;
      case 'B' -> place = X86Forms.PLACE_VVVV;
      case 'M' -> {
        place = X86Forms.PLACE_RM;
        kind = X86Forms.MEMORY;
      }
      case 'V' -> {
        place = X86Forms.PLACE_REG;
        kind = X86Forms.VECTOR;
      }
      case 'H' -> {
        place = X86Forms.PLACE_VVVV;
        kind = X86Forms.VECTOR;
      }
      case 'W', 'U' -> {
        place = X86Forms.PLACE_RM;
        kind = X86Forms.VECTOR;
      }
      case 'L' -> {
        place = X86Forms.PLACE_IS4;
        kind = X86Forms.VECTOR;
      }
      case 'J' -> {
        place = X86Forms.PLACE_VSIB;
        kind = X86Forms.MEMORY;
      }
      case 'P' -> {
        place = X86Forms.PLACE_REG;
        kind = X86Forms.MMX;
      }
      case 'Q', 'N' -> {
        place = X86Forms.PLACE_RM;
        kind = X86Forms.MMX;
      }
      case 'S' -> {
        place = X86Forms.PLACE_REG;
        kind = X86Forms.SEGMENT;
      }
      case 'C' -> {
        place = X86Forms.PLACE_REG;
        kind = X86Forms.CONTROL;
      }
      case 'D' -> {
        place = X86Forms.PLACE_REG;
        kind = X86Forms.DEBUG;
      }
      case 'O' -> {
        place = X86Forms.PLACE_OFFSET;
        kind = X86Forms.MEMORY;
      }
      case 'X' -> {
        place = X86Forms.PLACE_STRING_SOURCE;
        kind = X86Forms.MEMORY;
      }
      case 'Y' -> {
        place = X86Forms.PLACE_STRING_TARGET;
        kind = X86Forms.MEMORY;
      }
      case 'k', 't' -> {
        kind = letter == 'k' ? X86Forms.MASK : X86Forms.TILE;
        cut = 2;
        place =
            switch (rest.charAt(1)) {
              case 'R' -> X86Forms.PLACE_REG;
              case 'V' -> X86Forms.PLACE_VVVV;
              case 'U', 'W' -> X86Forms.PLACE_RM;
              default -> throw bad(row, "operand " + text);
            };
      }
      default -> throw bad(row, "operand " + text);
    }
    String sizes = rest.substring(cut);
    int broadcast = 0;
    int star = sizes.indexOf('*');
    if (star >= 0) {
      broadcast = size(row, sizes.substring(star + 1));
      sizes = sizes.substring(0, star);
    }
    int slash = sizes.indexOf('/');
    int registerSize = size(row, slash < 0 ? sizes : sizes.substring(0, slash));
    int memorySize = slash < 0 ? registerSize : size(row, sizes.substring(slash + 1));
    if (letter == 'M' && registerSize == X86Forms.SIZE_ADDRESS) {
      return new int[] {place, kind, X86Forms.SIZE_NONE, X86Forms.SIZE_NONE, 0, access, 0};
    }
    if (place == X86Forms.PLACE_VSIB) {
      return new int[] {place, kind, registerSize, memorySize, 0, access, 0};
    }
    return new int[] {place, kind, registerSize, memorySize, broadcast, access, 0};
  }

  private static int[] fixed(int kind, int size, int register) {
    return new int[] {X86Forms.PLACE_FIXED, kind, size, 0, 0, 1, register};
  }

  private static int[] immediate(int size) {
    return new int[] {X86Forms.PLACE_IMM, X86Forms.IMMEDIATE, size, size, 0, 1, 0};
  }

  /** The feature term of a row at a vector length, as text. */
  static String term(Row row, int length) {
    String text = row.feature;
    if (text.contains("/")) {
      text = text.split("/")[length == 0 ? 0 : 1];
    }
    if (text.equals("base") || text.contains("|") || row.space != 'E') {
      return text;
    }
    List<String> features = List.of(text.split(","));
    if (features.contains("apx_f")
        || features.contains("avx10_2")
        || features.contains("amx_avx512")) {
      return text;
    }
    var usual = new ArrayList<>(features);
    if (length < 2 && !row.isLengthIgnored && !row.has("novl")) {
      usual.add("avx512vl");
    }
    if (usual.contains("avx512_fp16")) {
      usual.remove("avx512vl");
    }
    var alternative = new ArrayList<String>();
    for (String feature : features) {
      if (IN_AVX10_1.contains(feature)) {
        alternative.remove("avx10_1");
        alternative.add("avx10_1");
      } else if (feature.equals("vaes") || feature.equals("vpclmulqdq") || feature.equals("gfni")) {
        alternative.add(feature);
      } else {
        return String.join(",", usual);
      }
    }
    return String.join(",", usual) + "|" + String.join(",", alternative);
  }

  private int termId(String text) {
    int known = terms.indexOf(text);
    if (known < 0) {
      known = terms.size();
      terms.add(text);
      for (String alternative : text.split("\\|")) {
        for (String feature : alternative.split(",")) {
          Feature.byId(feature);
        }
      }
    }
    return known;
  }

  private void number() {
    for (Row row : rows) {
      Map<String, Integer> lengthsOfTerm = new LinkedHashMap<>();
      for (int length = 0; length < 4; length++) {
        if ((row.vectorLengths & 1 << length) != 0) {
          lengthsOfTerm.merge(term(row, length), 1 << length, (a, b) -> a | b);
        }
      }
      lengthsOfTerm.forEach((term, lengths) -> forms.add(new Form(row, lengths, termId(term))));
    }
  }

  // Decision trees

  private static final int SHIFT_MODRM = 0;

  private static int page(Row row) {
    return switch (row.space) {
      case 'L' -> row.map;
      case 'V' -> 8 + row.map;
      case 'E' -> 16 + row.map;
      case 'X' -> 24 + row.map - 8;
      case 'S' -> 27 + row.map - 32;
      default -> throw bad(row, "space");
    };
  }

  /** A question that a node asks. */
  private enum Question {
    PP(9, 2),
    MOD(8, 1),
    REG(3, 3),
    RM(SHIFT_MODRM, 3),
    W(13, 1),
    L(11, 2),
    B(14, 1);

    final int shift;
    final int bits;

    Question(int shift, int bits) {
      this.shift = shift;
      this.bits = bits;
    }

    boolean isAskedBy(Form form) {
      Row row = form.row;
      return switch (this) {
        case PP -> row.pp != 0b1111;
        case MOD -> row.mod != 0;
        case REG -> row.reg >= 0;
        case RM -> row.rm >= 0;
        case W -> row.w >= 0;
        case L -> form.vectorLengths != (row.space == 'E' || row.space == 'L' ? 0b1111 : 0b11);
        case B -> row.b >= 0;
      };
    }

    boolean accepts(Form form, int value) {
      Row row = form.row;
      return switch (this) {
        case PP -> (row.pp & 1 << value) != 0;
        case MOD -> row.mod == 0 || (row.mod == 'r') == (value == 1);
        case REG -> row.reg < 0 || row.reg == value;
        case RM -> row.rm < 0 || row.rm == value;
        case W -> row.w < 0 || row.w == value;
        case L -> (form.vectorLengths & 1 << value) != 0;
        case B -> row.b < 0 || row.b == value;
      };
    }
  }

  private void buildRoots() {
    var byRoot = new TreeMap<Integer, List<Integer>>();
    for (int id = 1; id < forms.size(); id++) {
      Row row = forms.get(id).row;
      for (int i = 0; i < (row.opcodeRange ? 8 : 1); i++) {
        byRoot.computeIfAbsent(page(row) << 8 | row.opcode + i, x -> new ArrayList<>()).add(id);
      }
    }
    for (int i = 0; i < X86Forms.PAGES << 8; i++) {
      cells.add(0);
    }
    byRoot.forEach((root, ids) -> cells.set(root, cell(ids, 0)));
  }

  private int cell(List<Integer> candidates, int from) {
    if (candidates.isEmpty()) {
      return 0;
    }
    for (int i = from; i < Question.values().length; i++) {
      Question question = Question.values()[i];
      if (candidates.stream().noneMatch(id -> question.isAskedBy(forms.get(id)))) {
        continue;
      }
      var children = new ArrayList<Integer>();
      for (int value = 0; value < 1 << question.bits; value++) {
        int v = value;
        children.add(
            cell(
                candidates.stream().filter(id -> question.accepts(forms.get(id), v)).toList(),
                i + 1));
      }
      if (children.stream().distinct().count() == 1) {
        return children.getFirst();
      }
      Integer base = nodes.get(children);
      if (base == null) {
        base = cells.size();
        cells.addAll(children);
        nodes.put(children, base);
      }
      return 0x80000000 | base << 7 | question.shift << 3 | (1 << question.bits) - 1;
    }
    int best = 0;
    int bestSpecificity = -1;
    for (int id : candidates) {
      int specificity = forms.get(id).row.specificity();
      if (specificity == bestSpecificity) {
        throw bad(forms.get(id).row, "overlaps " + forms.get(best).row.where());
      }
      if (specificity > bestSpecificity) {
        best = id;
        bestSpecificity = specificity;
      }
    }
    return best;
  }

  // Columns of the generated tables

  private static boolean usesModrm(Row row) {
    if (row.reg >= 0 || row.rm >= 0 || row.mod != 0 || row.map == 32) {
      return true;
    }
    return row.operands.stream()
        .anyMatch(
            o ->
                o[0] == X86Forms.PLACE_REG
                    || o[0] == X86Forms.PLACE_RM
                    || o[0] == X86Forms.PLACE_VSIB);
  }

  private static int immediateBytes(Row row, int size) {
    int bytes = row.map == 32 ? 1 : 0;
    boolean hasIs4 = false;
    for (int[] o : row.operands) {
      switch (o[0]) {
        case X86Forms.PLACE_IMM, X86Forms.PLACE_REL ->
            bytes +=
                switch (o[3]) {
                  case X86Forms.SIZE_1 -> 1;
                  case X86Forms.SIZE_2 -> 2;
                  case X86Forms.SIZE_4 -> 4;
                  case X86Forms.SIZE_8 -> 8;
                  case X86Forms.SIZE_Z -> size == 0 ? 2 : 4;
                  case X86Forms.SIZE_V -> 2 << size;
                  default -> throw bad(row, "immediate size");
                };
        case X86Forms.PLACE_IMM2 -> bytes++;
        case X86Forms.PLACE_OFFSET -> bytes += 8;
        case X86Forms.PLACE_IS4, X86Forms.PLACE_IS4_LOW -> hasIs4 = true;
        default -> {}
      }
    }
    return bytes + (hasIs4 ? 1 : 0);
  }

  private static int flow(Row row) {
    int flow = X86Decoder.FLOW_NEXT;
    for (String attribute : row.attributes.keySet()) {
      flow =
          switch (attribute) {
            case "branch" -> X86Decoder.FLOW_BRANCH;
            case "jump" -> X86Decoder.FLOW_JUMP;
            case "jumpi" -> X86Decoder.FLOW_JUMP_INDIRECT;
            case "call" -> X86Decoder.FLOW_CALL;
            case "calli" -> X86Decoder.FLOW_CALL_INDIRECT;
            case "ret" -> X86Decoder.FLOW_RETURN;
            case "trap" -> X86Decoder.FLOW_TRAP;
            default -> flow;
          };
    }
    return flow;
  }

  private static int shape(Form form) {
    Row row = form.row;
    boolean isRare =
        row.map >= 32
            || row.has("anymod")
            || row.has("no66")
            || row.operands.stream().anyMatch(o -> o[0] == X86Forms.PLACE_OFFSET);
    return immediateBytes(row, 0)
        | immediateBytes(row, 1) << 4
        | immediateBytes(row, 2) << 8
        | (usesModrm(row) ? 1 << 12 : 0)
        | flow(row) << 13
        | form.term << 17
        | (isRare ? 1 << 26 : 0);
  }

  private static int check(Form form) {
    Row row = form.row;
    int check = 0;
    boolean usesVvvv = false;
    boolean hasVsib = false;
    boolean hasMemoryTarget = false;
    boolean hasBroadcast = false;
    for (int[] o : row.operands) {
      usesVvvv |= o[0] == X86Forms.PLACE_VVVV;
      hasVsib |= o[0] == X86Forms.PLACE_VSIB;
      hasBroadcast |= o[4] != 0;
      hasMemoryTarget |=
          (o[0] == X86Forms.PLACE_RM || o[0] == X86Forms.PLACE_VSIB) && (o[5] & 2) != 0;
    }
    check |= usesVvvv ? 0 : X86Forms.CHECK_NO_VVVV;
    check |= hasVsib ? X86Forms.CHECK_VSIB : 0;
    check |= row.has("k") || row.has("kz") || row.has("kreq") ? X86Forms.CHECK_MASK : 0;
    check |= row.has("kz") ? X86Forms.CHECK_ZEROING : 0;
    check |= row.has("kreq") ? X86Forms.CHECK_MASK_NEEDED : 0;
    check |= hasBroadcast ? X86Forms.CHECK_BROADCAST : 0;
    check |= row.has("er") ? X86Forms.CHECK_ROUNDING : 0;
    check |= row.has("distinct") ? X86Forms.CHECK_DISTINCT : 0;
    check |= row.has("er0") ? X86Forms.CHECK_IGNORED_ROUNDING : 0;
    check |= row.has("sae") ? X86Forms.CHECK_SAE : 0;
    check |= row.has("gather") ? X86Forms.CHECK_GATHER : 0;
    check |= row.has("nd") ? X86Forms.CHECK_ND : 0;
    check |= row.has("ndset") ? X86Forms.CHECK_ND_NEEDED : 0;
    check |= row.has("nf") ? X86Forms.CHECK_NF : 0;
    check |= row.has("zu") ? X86Forms.CHECK_ZU : 0;
    check |= row.has("cfcmov") ? X86Forms.CHECK_CFCMOV : 0;
    check |= row.has("scc") ? X86Forms.CHECK_SCC : 0;
    check |= row.has("sib") ? X86Forms.CHECK_SIB : 0;
    check |= row.has("lock") ? X86Forms.CHECK_LOCK : 0;
    check |=
        row.operands.size() == 3 && row.operands.get(2)[1] == X86Forms.TILE
            ? X86Forms.CHECK_TILES
            : 0;
    check |= row.has("no66") ? X86Forms.CHECK_NO_66 : 0;
    check |= row.has("anymod") ? X86Forms.CHECK_ANY_MOD : 0;
    check |= hasMemoryTarget ? X86Forms.CHECK_MEMORY_TARGET : 0;
    check |= row.map == 4 ? X86Forms.CHECK_MAP4 : 0;
    for (int[] o : row.operands) {
      boolean isMask = o[1] == X86Forms.MASK || o[1] == X86Forms.MASK_PAIR;
      if (o[0] == X86Forms.PLACE_REG) {
        check |= isMask ? X86Forms.CHECK_REG_MASK : 0;
        check |= o[1] == X86Forms.GPR ? X86Forms.CHECK_REG_GPR : 0;
      } else if (o[0] == X86Forms.PLACE_VVVV) {
        check |= isMask ? X86Forms.CHECK_VVVV_MASK : 0;
        check |= o[1] == X86Forms.GPR ? X86Forms.CHECK_VVVV_GPR : 0;
      }
    }
    return check;
  }

  private static int sizeMode(Row row) {
    if (row.has("f64") || row.has("opq")) {
      return X86Forms.MODE_8;
    }
    if (row.has("d64")) {
      return X86Forms.MODE_STACK;
    }
    if (row.has("opv")) {
      return X86Forms.MODE_V;
    }
    for (int[] o : row.operands) {
      if (o[2] == X86Forms.SIZE_V || o[2] == X86Forms.SIZE_Z) {
        return X86Forms.MODE_V;
      }
    }
    for (int[] o : row.operands) {
      if (o[2] == X86Forms.SIZE_Y) {
        return X86Forms.MODE_Y;
      }
    }
    for (int[] o : row.operands) {
      if (o[1] == X86Forms.GPR || o[1] == X86Forms.MEMORY) {
        switch (o[2]) {
          case X86Forms.SIZE_1:
            return X86Forms.MODE_1;
          case X86Forms.SIZE_2:
            return X86Forms.MODE_2;
          case X86Forms.SIZE_4:
            return X86Forms.MODE_4;
          case X86Forms.SIZE_8:
            return X86Forms.MODE_8;
          default:
            break;
        }
      }
    }
    return X86Forms.MODE_4;
  }

  private static int traits(Row row) {
    int traits = sizeMode(row);
    traits |= row.has("f64") || row.has("d64") ? X86Forms.TRAIT_DEFAULT_64 : 0;
    traits |= row.has("lea") ? X86Forms.TRAIT_ADDRESS_ONLY : 0;
    traits |= row.has("hint") ? X86Forms.TRAIT_HINT : 0;
    traits |= row.has("far") ? X86Forms.TRAIT_FAR : 0;
    traits |= row.has("string") ? X86Forms.TRAIT_STRING : 0;
    traits |= row.has("push") ? X86Forms.TRAIT_PUSH : 0;
    traits |= row.has("pop") ? X86Forms.TRAIT_POP : 0;
    traits |= row.has("all") ? X86Forms.TRAIT_UNKNOWN : 0;
    traits |= row.has("unknownmem") || row.has("all") ? X86Forms.TRAIT_UNKNOWN_MEMORY : 0;
    traits |= row.has("fw") || row.has("frw") || row.has("all") ? X86Forms.TRAIT_WRITES_FLAGS : 0;
    traits |=
        row.has("fr") || row.has("frw") || row.has("string") || row.has("all")
            ? X86Forms.TRAIT_READS_FLAGS
            : 0;
    traits |= row.has("zeroupper") ? X86Forms.TRAIT_ZERO_UPPER : 0;
    traits |= row.has("zeroall") || row.has("vw") ? X86Forms.TRAIT_WRITES_ALL_VECTORS : 0;
    traits |= row.has("four") ? X86Forms.TRAIT_FOUR_REGISTERS : 0;
    traits |= row.has("partial") ? X86Forms.TRAIT_PARTIAL_STORE : 0;
    traits |= row.feature.contains("apx_f") ? X86Forms.TRAIT_UNSCALED : 0;
    traits |= row.has("bits") ? X86Forms.TRAIT_BIT_STRING : 0;

    traits |=
        switch (row.attributes.getOrDefault("silent", "")) {
          case "bmi1" -> X86Forms.TRAIT_SILENT_BMI1;
          case "lzcnt" -> X86Forms.TRAIT_SILENT_LZCNT;
          default -> 0;
        };
    for (int i = 0; i < 4; i++) {
      if (row.has("n" + (1 << i))) {
        traits |= (i + 1) << X86Forms.TRAIT_TUPLE_SHIFT;
      }
    }
    return traits;
  }

  /**
   * Registers used whatever ModRM says: 16 bits general-purpose read, 16 written, 8 vector read, 8
   * written. Fixed operands, the stack pointer and string pointers are among them.
   */
  private static long implicit(Row row) {
    long read = registers(row, row.attributes.getOrDefault("ir", ""));
    long written = registers(row, row.attributes.getOrDefault("iw", ""));
    for (int[] o : row.operands) {
      long register =
          switch (o[0]) {
            case X86Forms.PLACE_FIXED ->
                switch (o[1]) {
                  case X86Forms.GPR -> 1L << o[6];
                  case X86Forms.VECTOR -> 1L << 16 + o[6];
                  default -> 0;
                };
            default -> 0;
          };
      read |= (o[5] & 1) != 0 ? register : 0;
      written |= (o[5] & 2) != 0 ? register : 0;
      if (o[0] == X86Forms.PLACE_STRING_SOURCE || o[0] == X86Forms.PLACE_STRING_TARGET) {
        long pointer = 1L << (o[0] == X86Forms.PLACE_STRING_SOURCE ? 6 : 7);
        read |= pointer;
        written |= pointer;
      }
    }
    if (row.has("push") || row.has("pop")) {
      read |= 1L << 4;
      written |= 1L << 4;
    }
    return read & 0xffff
        | (written & 0xffff) << 16
        | (read >>> 16 & 0xff) << 32
        | (written >>> 16 & 0xff) << 40;
  }

  /** Which operands are read and written, by what holds them. */
  private static int access(Row row) {
    int all = 0;
    for (int[] o : row.operands) {
      int access = o[5];
      boolean isByte = o[1] == X86Forms.GPR && o[2] == X86Forms.SIZE_1;
      switch (o[0]) {
        case X86Forms.PLACE_REG -> {
          all |= o[1] == X86Forms.GPR ? access << X86Forms.ACCESS_REG_GPR : 0;
          all |= o[1] == X86Forms.VECTOR ? access << X86Forms.ACCESS_REG_VECTOR : 0;
          all |= isByte ? 1 << X86Forms.ACCESS_REG_BYTE : 0;
        }
        case X86Forms.PLACE_RM, X86Forms.PLACE_VSIB -> {
          all |= o[1] == X86Forms.GPR ? access << X86Forms.ACCESS_RM_GPR : 0;
          all |= o[1] == X86Forms.VECTOR ? access << X86Forms.ACCESS_RM_VECTOR : 0;
          all |= isByte ? 1 << X86Forms.ACCESS_RM_BYTE : 0;
          all |= row.has("lea") || row.has("hint") ? 0 : access << X86Forms.ACCESS_RM_MEMORY;
        }
        case X86Forms.PLACE_OPCODE -> {
          all |= access << X86Forms.ACCESS_OPCODE_GPR;
          all |= isByte ? 1 << X86Forms.ACCESS_OPCODE_BYTE : 0;
        }
        case X86Forms.PLACE_VVVV -> {
          all |= o[1] == X86Forms.GPR ? access << X86Forms.ACCESS_VVVV_GPR : 0;
          all |= o[1] == X86Forms.VECTOR ? access << X86Forms.ACCESS_VVVV_VECTOR : 0;
        }
        case X86Forms.PLACE_IS4 -> all |= access << X86Forms.ACCESS_IS4_VECTOR;
        case X86Forms.PLACE_OFFSET, X86Forms.PLACE_STRING_SOURCE, X86Forms.PLACE_STRING_TARGET ->
            all |= access << X86Forms.ACCESS_OTHER_MEMORY;
        default -> {}
      }
    }
    all |= row.has("mr") ? 1 << X86Forms.ACCESS_OTHER_MEMORY : 0;
    return all;
  }

  private static long registers(Row row, String text) {
    long set = 0;
    for (String word : text.split(",")) {
      if (word.isEmpty()) {
        continue;
      }
      if (word.startsWith("x")) {
        set |= 1L << 16 + Integer.parseInt(word.substring(1));
      } else {
        String name = word.equals("al") || word.equals("ah") ? "ax" : word;
        int index = GPRS.indexOf(name);
        if (index < 0) {
          throw bad(row, "register " + word);
        }
        set |= 1L << index;
      }
    }
    return set;
  }

  private static int operandSpec(int[] o) {
    return o[0] | o[1] << 5 | o[2] << 9 | o[3] << 14 | o[4] << 19 | o[5] << 22 | o[6] << 24;
  }

  private String emit() {
    int count = forms.size();
    int[] shape = new int[count];
    int[] check = new int[count];
    int[] traits = new int[count];
    int[] mnemonic = new int[count];
    int[] implicit = new int[count];
    int[] implicitVectors = new int[count];
    int[] access = new int[count];
    int[] operands = new int[count];
    for (int id = 1; id < count; id++) {
      Form form = forms.get(id);
      Row row = form.row;
      shape[id] = shape(form);
      check[id] = check(form);
      traits[id] = traits(row);
      mnemonic[id] = mnemonicIds.computeIfAbsent(row.mnemonic, x -> mnemonicIds.size());
      long registers = implicit(row);
      implicit[id] = (int) registers;
      access[id] = access(row);
      implicitVectors[id] = (int) (registers >>> 32);
      List<Integer> specs =
          new ArrayList<>(row.operands.stream().map(X86TableGenerator::operandSpec).toList());
      while (specs.size() < MOST_OPERANDS) {
        specs.add(0);
      }
      operands[id] = operandLists.computeIfAbsent(specs, x -> operandLists.size());
    }
    int[] specs =
        operandLists.keySet().stream().flatMap(List::stream).mapToInt(Integer::intValue).toArray();
    // TZCNT and LZCNT name these terms without needing them.
    termId("bmi1");
    termId("lzcnt");
    int plain = terms.size();
    int[] withApx = new int[plain];
    for (int i = 0; i < plain; i++) {
      String text = terms.get(i);
      String apx =
          text.equals("base")
              ? "apx_f"
              : Arrays.stream(text.split("\\|"))
                  .map(a -> Arrays.asList(a.split(",")).contains("apx_f") ? a : a + ",apx_f")
                  .collect(Collectors.joining("|"));
      withApx[i] = termId(apx);
    }
    if (terms.size() > 512) {
      throw new IllegalStateException("too many terms: " + terms.size());
    }
    var out = new StringBuilder();
    out.append(
        """
        package dev.sigill.isa.x86;

        import java.nio.ByteBuffer;
        import java.nio.ByteOrder;
        import java.nio.charset.StandardCharsets;

        /**
         * The instruction tables, packed. Generated by {@code X86TableGenerator} from {@code
         * core/src/main/tables/x86}; change those and run it again.
         */
        final class X86Tables {
          private X86Tables() {}

          /** What a decoder needs for every instruction. */
          static final class Hot {
            /** Decision trees: the roots by page and opcode, then the nodes. */
            static final int[] CELLS =
        """);
    table(out, "ints", bytes(cells.stream().mapToInt(Integer::intValue).toArray(), 4));
    out.append("\n    /** Length, flow and term of each form. */\n");
    out.append("    static final int[] SHAPE =\n");
    table(out, "ints", bytes(shape, 4));
    out.append("\n    /** What makes an encoding of the form invalid. */\n");
    out.append("    static final int[] CHECK =\n");
    table(out, "ints", bytes(check, 4));
    out.append(
        """

            private Hot() {}
          }

          /** What only accessors and the formatter need. */
          static final class Cold {
            /** Traits of each form. */
            static final int[] TRAITS =
        """);
    table(out, "ints", bytes(traits, 4));
    out.append("\n    /** Implicit general-purpose registers of each form: read, written. */\n");
    out.append("    static final int[] IMPLICIT =\n");
    table(out, "ints", bytes(implicit, 4));
    out.append("\n    /** Implicit vector registers of each form: read, written. */\n");
    out.append("    static final char[] IMPLICIT_VECTORS =\n");
    table(out, "chars", bytes(implicitVectors, 2));
    out.append("\n    /** What the operands of each form read and write. */\n");
    out.append("    static final int[] ACCESS =\n");
    table(out, "ints", bytes(access, 4));
    out.append("\n    /** The operand list of each form. */\n");
    out.append("    static final char[] OPERANDS =\n");
    table(out, "chars", bytes(operands, 2));
    out.append("\n    /** The operand lists: five operands each. */\n");
    out.append("    static final int[] OPERAND_LISTS =\n");
    table(out, "ints", bytes(specs, 4));
    out.append("\n    /** The mnemonic of each form. */\n");
    out.append("    static final char[] MNEMONIC =\n");
    table(out, "chars", bytes(mnemonic, 2));
    out.append(
        """

            private Cold() {}
          }

          /** Feature terms and mnemonics, as text. */
          static final class Text {
            /** One term a line, alternatives separated by a bar, features by a comma. */
            static final String TERMS =
        """);
    out.append(literal(String.join("\n", terms), "        ")).append(";\n");
    out.append("\n    /** For each term the one that also needs APX. */\n");
    out.append("    static final String TERMS_WITH_APX =\n");
    out.append(
        literal(
            Arrays.stream(withApx).mapToObj(Integer::toString).collect(Collectors.joining("\n")),
            "        "));
    out.append(";\n\n    /** One mnemonic a line; with bars: by operand size 16, 32, 64. */\n");
    out.append("    static final String MNEMONICS =\n");
    out.append(literal(String.join("\n", mnemonicIds.keySet()), "        "));
    out.append(
        """
        ;

            private Text() {}
          }

          /** The literals have %1$s exchanged with the blank, which is shorter to write. */
          private static ByteBuffer bytes(String... chunks) {
            int size = 0;
            for (String chunk : chunks) {
              size += chunk.length();
            }
            var all = new byte[size];
            int at = 0;
            for (String chunk : chunks) {
              byte[] part = chunk.getBytes(StandardCharsets.ISO_8859_1);
              System.arraycopy(part, 0, all, at, part.length);
              at += part.length;
            }
            return ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
          }

          /** The lines of a text; without streams, which cost much at start-up. */
          static String[] lines(String text) {
            int count = 1;
            for (int at = text.indexOf('\\n'); at >= 0; at = text.indexOf('\\n', at + 1)) {
              count++;
            }
            var out = new String[count];
            int start = 0;
            for (int i = 0; i < count; i++) {
              int end = text.indexOf('\\n', start);
              out[i] = text.substring(start, end < 0 ? text.length() : end);
              start = end + 1;
            }
            return out;
          }

          private static int[] ints(String... chunks) {
            ByteBuffer bytes = bytes(chunks);
            var out = new int[bytes.capacity() / 4];
            bytes.asIntBuffer().get(out);
            for (int i = 0; i < out.length; i++) {
              out[i] ^= 0x20202020;
            }
            return out;
          }

          private static char[] chars(String... chunks) {
            ByteBuffer bytes = bytes(chunks);
            var out = new char[bytes.capacity() / 2];
            bytes.asCharBuffer().get(out);
            for (int i = 0; i < out.length; i++) {
              out[i] = (char) (out[i] ^ 0x2020);
            }
            return out;
          }
        }
        """
            .formatted("zero"));
    return out.toString();
  }

  /** Characters in one literal: at most two bytes each in a class file, whose limit is 65,535. */
  private static final int CHUNK = 32_000;

  private static byte[] bytes(int[] values, int width) {
    var buffer = ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      if (width == 4) {
        buffer.putInt(value ^ 0x20202020);
      } else {
        buffer.putShort((short) (value ^ 0x2020));
      }
    }
    return buffer.array();
  }

  private static void table(StringBuilder out, String reader, byte[] bytes) {
    out.append("        ").append(reader).append("(");
    for (int i = 0; i * CHUNK < bytes.length; i++) {
      byte[] part = Arrays.copyOfRange(bytes, i * CHUNK, Math.min(bytes.length, (i + 1) * CHUNK));
      out.append(i == 0 ? "\n" : ",\n");
      out.append(literal(new String(part, StandardCharsets.ISO_8859_1), "            "));
    }
    out.append(");\n");
  }

  /** A string literal in lines of at most 100 columns. */
  private static String literal(String value, String indent) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    int width = 100 - indent.length() - 12;
    for (int i = 0; i < value.length(); i++) {
      String escaped = escape(value, i);
      if (line.length() + escaped.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(escaped);
    }
    lines.add(line.toString());
    var out = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      out.append(i == 0 ? indent : "\n" + indent + "    + ");
      out.append('"').append(lines.get(i)).append('"');
    }
    return out.toString();
  }

  private static String escape(String value, int at) {
    char c = value.charAt(at);
    if (c == '\n') {
      return "\\n";
    }
    if (c == '"' || c == '\\') {
      return "\\" + c;
    }
    return c >= ' ' && c < 127 ? String.valueOf(c) : "\\%03o".formatted((int) c);
  }

  /** Every feature that some row names. */
  Set<String> features() {
    var out = new LinkedHashSet<String>();
    for (String term : terms) {
      out.addAll(Arrays.asList(term.split("[|,]")));
    }
    return out;
  }
}
