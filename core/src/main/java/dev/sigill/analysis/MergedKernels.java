package dev.sigill.analysis;

import dev.sigill.image.FunctionTable;
import dev.sigill.image.Symbol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds without following any code what a file compiled once for each level of processors shows:
 * two functions of one name, one with and one without instructions beyond the base architecture,
 * that call the same function, which has such instructions. The one without is there for processors
 * that lack them. Used where the budget for following code was spent.
 */
final class MergedKernels {
  /** The most functions with such instructions that are looked at for callers of both kinds. */
  private static final int MOST_FUNCTIONS = 20_000;

  private final LoadedImage image;
  private final CodeSweep.Part sweep;

  MergedKernels(LoadedImage image, CodeSweep.Part sweep) {
    this.image = image;
    this.sweep = sweep;
  }

  /** The first instruction of each different need in such functions. */
  List<InstructionNeed> find() {
    TreeMap<Long, Long> newer = newerFunctions();
    Map<Long, String> suspects = suspects(newer);
    if (suspects.isEmpty()) {
      return List.of();
    }
    Map<Long, List<Long>> sites = new CallSites(image, suspects).find();
    var merged = new LinkedHashMap<Long, List<Long>>();
    suspects.keySet().stream()
        .sorted()
        .forEach(
            start -> {
              List<Long> callers = twins(sites.getOrDefault(start, List.of()), newer);
              if (!callers.isEmpty()) {
                merged.put(start, callers);
              }
            });
    return needs(merged, newer);
  }

  /** The functions with such instructions: start and end. */
  private TreeMap<Long, Long> newerFunctions() {
    var out = new TreeMap<Long, Long>();
    FunctionTable.Range range = FunctionTable.Range.NONE;
    for (int i = 0; i < sweep.needCount(); i++) {
      long address = sweep.needAddress(i);
      if (address < range.start() || address >= range.end()) {
        range = image.image().functions().containing(address);
        if (!range.isNone()) {
          out.put(range.start(), range.end());
        }
      }
    }
    return out;
  }

  /** Of those, the ones that may be a copy the linker kept and that functions without call. */
  private Map<Long, String> suspects(TreeMap<Long, Long> newer) {
    var starts = new HashSet<Long>();
    for (long start : newer.keySet()) {
      starts.add(start);
    }
    Set<Long> called = new CallSites(image, starts).calledFromOutside(newer);
    var out = new HashMap<Long, String>();
    for (long start : called) {
      Symbol symbol = image.image().symbols().containing(start);
      if (symbol != null
          && symbol.address() == start
          && MergedFunctions.sign(symbol) != MergedFunction.Sign.NONE
          && out.size() < MOST_FUNCTIONS) {
        out.put(start, symbol.name());
      }
    }
    return out;
  }

  /** The calls of functions without such instructions that have a twin with them. */
  private List<Long> twins(List<Long> sites, TreeMap<Long, Long> newer) {
    var with = new HashSet<String>();
    var without = new LinkedHashMap<String, Long>();
    for (long site : sites) {
      FunctionTable.Range range = image.image().functions().containing(site);
      Symbol symbol = range.isNone() ? null : image.image().symbols().containing(range.start());
      if (symbol == null || symbol.address() != range.start()) {
        continue;
      }
      if (newer.containsKey(range.start())) {
        with.add(symbol.name());
      } else {
        without.putIfAbsent(symbol.name(), range.start());
      }
    }
    return without.entrySet().stream()
        .filter(each -> with.contains(each.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The instructions by function, those that most functions without call first. */
  private List<InstructionNeed> needs(Map<Long, List<Long>> merged, TreeMap<Long, Long> newer) {
    List<Long> chosen =
        merged.keySet().stream()
            .sorted(
                Comparator.comparing((Long start) -> -merged.get(start).size())
                    .thenComparing(start -> start))
            .limit(MOST_SHOWN)
            .toList();
    var out = new ArrayList<InstructionNeed>();
    for (long start : chosen) {
      var seen = new BitSet();
      for (int i = firstAt(start); i < sweep.needCount(); i++) {
        long address = sweep.needAddress(i);
        if (address >= newer.get(start)) {
          break;
        }
        int term = sweep.needTerm(i);
        if (seen.get(term)) {
          continue;
        }
        seen.set(term);
        out.add(
            ExecutionWalk.describe(
                image,
                term,
                Stage.USE,
                Certainty.REACHABLE,
                CpuCheck.NONE,
                LAST + out.size(),
                address,
                List.of(
                    "kernel that is also built for newer processors",
                    ExecutionWalk.name(image, merged.get(start).getFirst()),
                    ExecutionWalk.name(image, start))));
      }
    }
    return out;
  }

  /** The number of the first place at or after an address; places ascend within one range. */
  private int firstAt(long address) {
    for (int i = 0; i < sweep.needCount(); i++) {
      if (sweep.needAddress(i) >= address) {
        return i;
      }
    }
    return sweep.needCount();
  }

  private static final int MOST_SHOWN = 16;

  /** After everything that was followed. */
  private static final int LAST = 1 << 30;
}
