package dev.sigill.analysis;

import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Symbol;
import dev.sigill.image.name.Demangler;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.x86.X86Decoder;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells which functions with instructions beyond the base architecture were merged from objects
 * built for different processors: several objects held a copy, the linker kept one, and it is
 * called from code that needs what it needs as well as from code that does not.
 */
final class MergedFunctions {
  /** The longest code that is looked at for callers unless somebody asked for explanations. */
  static final long MOST_CODE = 64L << 20;

  private final Map<LoadedImage, Map<Long, MergedFunction>> known = new HashMap<>();
  private final boolean isExplained;

  MergedFunctions(boolean isExplained) {
    this.isExplained = isExplained;
  }

  /** A function that may be such a one. */
  private record Candidate(long start, long end, String name, MergedFunction.Sign sign) {}

  /** The same with what is known of how its instructions came to be there. */
  StageRequirements explain(StageRequirements stage, Map<String, LoadedImage> byPath) {
    if (stage.instructions().isEmpty()) {
      return stage;
    }
    var needs = new LinkedHashMap<LoadedImage, List<InstructionNeed>>();
    for (InstructionNeed need : stage.instructions()) {
      LoadedImage holder = byPath.get(need.image());
      if (holder != null && need.check().isNone()) {
        needs.computeIfAbsent(holder, _ -> new ArrayList<>()).add(need);
      }
    }
    needs.forEach(this::look);
    return stage.mapped(
        need -> {
          LoadedImage holder = byPath.get(need.image());
          Map<Long, MergedFunction> found = holder == null ? null : known.get(holder);
          return found == null
              ? need
              : need.merged(found.getOrDefault(need.address(), MergedFunction.NONE));
        });
  }

  private void look(LoadedImage holder, List<InstructionNeed> needs) {
    Map<Long, MergedFunction> found = known.computeIfAbsent(holder, _ -> new HashMap<>());
    long size = holder.image().code().stream().mapToLong(dev.sigill.image.CodeRange::size).sum();
    if (!isExplained && size > MOST_CODE) {
      return;
    }
    var candidates = new HashMap<Long, Candidate>();
    var byNeed = new HashMap<InstructionNeed, Candidate>();
    for (InstructionNeed need : needs) {
      if (found.containsKey(need.address())) {
        continue;
      }
      Candidate candidate = candidate(holder.image(), need.address());
      if (candidate == null) {
        found.put(need.address(), MergedFunction.NONE);
      } else {
        candidates.put(candidate.start(), candidate);
        byNeed.put(need, candidate);
      }
    }
    if (candidates.isEmpty()) {
      return;
    }
    var names = new HashMap<Long, String>();
    candidates.forEach((start, candidate) -> names.put(start, candidate.name()));
    Map<Long, List<Long>> sites = new CallSites(holder, names).find();
    byNeed.forEach(
        (need, candidate) ->
            found.put(
                need.address(),
                judged(
                    holder,
                    candidate,
                    need.term().anyOf().getFirst(),
                    sites.getOrDefault(candidate.start(), List.of()))));
  }

  private static @org.jspecify.annotations.Nullable Candidate candidate(Image image, long address) {
    FunctionTable.Range range = image.functions().containing(address);
    Symbol symbol = image.symbols().containing(address);
    if (symbol == null) {
      return range.isNone()
          ? null
          : new Candidate(range.start(), range.end(), "", MergedFunction.Sign.STRIPPED);
    }
    if (!range.isNone() && range.start() != symbol.address()) {
      // A part that was split off, or the next name before it in a stripped file.
      boolean isExact = symbol.size() > 0 && address < symbol.address() + symbol.size();
      return isExact
          ? null
          : new Candidate(range.start(), range.end(), "", MergedFunction.Sign.STRIPPED);
    }
    long end = range.isNone() ? symbol.address() + symbol.size() : range.end();
    MergedFunction.Sign sign = sign(symbol);
    return sign == MergedFunction.Sign.NONE
        ? null
        : new Candidate(symbol.address(), end, symbol.name(), sign);
  }

  /** What says that several objects may have held a copy of a function. */
  static MergedFunction.Sign sign(Symbol symbol) {
    if (symbol.isWeak()) {
      return MergedFunction.Sign.WEAK_SYMBOL;
    }
    // A strong definition that others can bind to is the only one.
    return !symbol.isExported() && Demangler.isItaniumFunction(symbol.name())
        ? MergedFunction.Sign.NAME
        : MergedFunction.Sign.NONE;
  }

  private static MergedFunction judged(
      LoadedImage holder, Candidate candidate, FeatureSet needed, List<Long> sites) {
    Map<Long, Long> callers = new LinkedHashMap<>();
    for (long site : sites) {
      FunctionTable.Range range = rangeOf(holder.image(), site);
      boolean isOwn = site >= candidate.start() && site < candidate.end();
      if (!isOwn && !range.isNone()) {
        callers.putIfAbsent(range.start(), range.end());
      }
    }
    int with = 0;
    int without = 0;
    CodePlace one = CodePlace.NONE;
    CodePlace other = CodePlace.NONE;
    for (Map.Entry<Long, Long> caller : callers.entrySet()) {
      FeatureSet own = features(holder.image(), caller.getKey(), caller.getValue());
      if (own.containsAll(needed)) {
        with++;
        one = one.isNone() ? place(holder, caller.getKey()) : one;
      } else if (needed.toList().stream().noneMatch(own::contains)) {
        without++;
        other = other.isNone() ? place(holder, caller.getKey()) : other;
      }
    }
    return with == 0 || without == 0
        ? MergedFunction.NONE
        : new MergedFunction(candidate.sign(), with, without, one, other);
  }

  private static CodePlace place(LoadedImage holder, long address) {
    String name = ExecutionWalk.name(holder, address);
    return new CodePlace(holder.path(), name, address, ExecutionWalk.text(holder, address));
  }

  private static FunctionTable.Range rangeOf(Image image, long address) {
    FunctionTable.Range range = image.functions().containing(address);
    if (!range.isNone()) {
      return range;
    }
    Symbol symbol = image.symbols().containing(address);
    return symbol == null || symbol.size() == 0
        ? FunctionTable.Range.NONE
        : new FunctionTable.Range(symbol.address(), symbol.address() + symbol.size());
  }

  /** All features that the instructions of a function need, with what those imply. */
  private static FeatureSet features(Image image, long start, long end) {
    long offset = image.fileOffset(start);
    if (offset < 0 || end - start > MOST_FUNCTION || !image.bytes().has(offset, end - start)) {
      return FeatureSet.empty();
    }
    byte[] code = image.bytes().array(offset, Math.toIntExact(end - start));
    var terms = new BitSet();
    var decoder = new X86Decoder();
    for (int at = 0; at < code.length; ) {
      int size = decoder.decode(code, at, code.length, start + at);
      if (size > 0) {
        terms.set(decoder.term());
      }
      at += Math.max(1, size);
    }
    FeatureSet all = FeatureSet.empty();
    for (int term = terms.nextSetBit(1); term >= 0; term = terms.nextSetBit(term + 1)) {
      for (Feature feature : X86Terms.term(term).anyOf().getFirst().toList()) {
        all = all.with(feature.closure());
      }
    }
    return all;
  }

  private static final long MOST_FUNCTION = 1 << 20;
}
