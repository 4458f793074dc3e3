package dev.sigill.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The features that instructions need, told by their names as debuggers print them. For texts only:
 * where bytes are known, they are decoded. From {@code mnemonics.table}, first match first.
 */
final class Mnemonics {
  private static final List<Row> ROWS = read();

  private record Row(Pattern mnemonic, Pattern operands, List<String> features) {}

  private Mnemonics() {}

  private static List<Row> read() {
    var rows = new ArrayList<Row>();
    for (SignFile.Block block : SignFile.read("mnemonics.table")) {
      for (SignFile.Entry entry : block.entries()) {
        String[] parts = entry.value().split(" => ");
        String[] what = parts[0].split(" with ");
        rows.add(
            new Row(
                Pattern.compile(what[0]),
                Pattern.compile(what.length == 1 ? "" : what[1]),
                List.of(parts[1].split(", "))));
      }
    }
    return rows;
  }

  /**
   * Ids of the features of an instruction; empty for the base architecture and unknown names.
   *
   * @param line the whole instruction
   */
  static List<String> features(String mnemonic, String line) {
    for (Row row : ROWS) {
      if (row.mnemonic().matcher(mnemonic).matches() && row.operands().matcher(line).find()) {
        return row.features();
      }
    }
    return List.of();
  }
}
