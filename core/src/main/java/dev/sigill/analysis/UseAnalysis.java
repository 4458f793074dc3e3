package dev.sigill.analysis;

import dev.sigill.image.Initialiser;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.image.elf.ElfImage;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a group of images reaches when it is used. The roots, in this order:
 *
 * <ol>
 *   <li>what is reached at load and import, for the addresses that it gives away: method tables,
 *       functions registered, objects with tables of functions;
 *   <li>functions that hosts find by name ({@code Java_*}), and those of a library that nobody
 *       links to, which is opened and asked by name: names of C, since nobody writes others by
 *       hand;
 *   <li>functions that another image of the group imports, where nothing else led to them.
 * </ol>
 *
 * <p>What then remains of a library that others link to is reached by nobody who is seen. Its other
 * functions are looked through all the same: whatever stands behind checks there needs no further
 * explanation, and nothing else that is met is held against anybody.
 */
final class UseAnalysis {
  /** The most functions asked for by name that are followed in one image. */
  private static final int MOST_EXPORTS = 100_000;

  private final Interpretation interpretation;
  private final Map<LoadedImage, CodeSweep.Part> sweeps;
  private final DataObjects objects;
  private final UseScope scope;
  private final UseWalk walk;

  /** Goes through what nobody who is seen calls; null where that was not worth while. */
  private @Nullable UseWalk further;

  private boolean isCutShort;

  private final Map<LoadedImage, List<Symbol>> byName = new LinkedHashMap<>();
  private final List<LoadedImage> importers = new ArrayList<>();

  UseAnalysis(Interpretation interpretation, Map<LoadedImage, CodeSweep.Part> sweeps) {
    this.interpretation = interpretation;
    this.sweeps = sweeps;
    var references = new HashMap<Integer, long[]>();
    sweeps.forEach(
        (image, part) -> references.put(interpretation.imageNumber(image), part.references()));
    this.scope = new UseScope(interpretation, sweeps);
    this.objects = new DataObjects(interpretation, references);
    interpretation.limitTo(scope);
    this.walk = new UseWalk(interpretation, objects, scope);
  }

  /** What runs before use in one image. */
  void addEarlier(LoadedImage image, List<Initialiser> initialisers, List<EntryPoint> entryPoints) {
    int number = interpretation.imageNumber(image);
    for (Initialiser initialiser : initialisers) {
      walk.root(
          interpretation.known(number, initialiser.address()),
          Stage.LOAD,
          initialiser.kind().title());
    }
    for (EntryPoint entry : entryPoints) {
      AnalysedFunction function = interpretation.known(number, entry.address());
      if (function != null) {
        interpretation.callFromOutside(function);
        walk.root(function, Stage.IMPORT, entry.name());
      }
    }
  }

  /** A function that module initialisation calls by way of its definition. */
  void addModuleFunction(long place) {
    AnalysedFunction function =
        interpretation.known(
            Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
    if (function != null) {
      interpretation.callFromOutside(function);
      walk.root(function, Stage.IMPORT, "module execution slot");
    }
  }

  /** The places that are found without anything of the group leading there. */
  private final List<Long> roots = new ArrayList<>();

  /** Notes what the system and hosts find in an image by themselves. */
  private void addRoots(LoadedImage image) {
    int number = interpretation.imageNumber(image);
    for (Initialiser initialiser : image.image().initialisers()) {
      roots.add(interpretation.place(number, initialiser.address()));
    }
    image.entryPoints().forEach(e -> roots.add(interpretation.place(number, e.address())));
    boolean isExtension = !image.entryPoints().isEmpty();
    image
        .image()
        .symbols()
        .forEachExported(
            symbol -> {
              if (!isExtension || symbol.name().contains("Java_")) {
                roots.add(interpretation.place(number, symbol.address()));
              }
            });
  }

  /**
   * The functions of one image that are asked for by name.
   *
   * @param image the image
   * @param isNeeded whether another image of the target links to it
   * @param isAlone whether it is all there is, so that whoever uses it is not seen
   */
  void addExports(LoadedImage image, boolean isNeeded, boolean isAlone) {
    importers.add(image);
    addRoots(image);
    boolean isExtension = !image.entryPoints().isEmpty();
    if (isExtension) {
      var java = new ArrayList<Symbol>();
      String prefix = image.image().format() == dev.sigill.image.Format.MACH_O ? "_Java_" : "Java_";
      image.image().symbols().forEachExported(List.of(prefix), java::add);
      byName.put(image, java);
      return;
    }
    if (image.image() instanceof ElfImage elf
        && elf.kind() == dev.sigill.image.Image.Kind.EXECUTABLE
        && elf.entry() != 0) {
      walk.root(
          interpretation.place(interpretation.imageNumber(image), elf.entry()), "program entry");
    }
    if (isNeeded) {
      return;
    }
    var plain = new ArrayList<Symbol>();
    var mangled = new ArrayList<Symbol>();
    image
        .image()
        .symbols()
        .forEachExported(
            symbol -> {
              boolean isFunction =
                  symbol.kind() == Symbol.Kind.FUNCTION
                      || symbol.kind() == Symbol.Kind.INDIRECT_FUNCTION
                      || symbol.kind() == Symbol.Kind.OTHER;
              if (isFunction && symbol.address() != 0 && plain.size() < MOST_EXPORTS) {
                (isMangled(symbol.name()) ? mangled : plain).add(symbol);
              }
            });
    if (isAlone || plain.isEmpty()) {
      plain.addAll(mangled.subList(0, Math.min(mangled.size(), MOST_EXPORTS)));
    }
    byName.put(image, plain);
  }

  /** C++ and Rust: Itanium and Microsoft mangling, with Mach-O's underscore. */
  private static boolean isMangled(String name) {
    return name.startsWith("_Z")
        || name.startsWith("__Z")
        || name.startsWith("_R")
        || name.startsWith("?");
  }

  void run() {
    walk.run();
    var own = new HashSet<Long>();
    Set<Long> imported = imported(own);
    byName.forEach(
        (image, symbols) -> {
          int number = interpretation.imageNumber(image);
          CodeSweep.Part sweep = sweeps.get(image);
          long[] named = sweep == null ? new long[0] : sweep.references();
          for (Symbol symbol : symbols) {
            // What the library itself names, in tables or code, is chosen there.
            if (Arrays.binarySearch(named, symbol.address()) >= 0) {
              continue;
            }
            if (image.isCode(symbol.address())
                && !own.contains(interpretation.place(number, symbol.address()))) {
              walk.root(interpretation.place(number, symbol.address()), "exported function");
            }
          }
        });
    walk.run();
    for (long place : imported) {
      AnalysedFunction known =
          interpretation.known(
              Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
      if (known == null || known.visits == 0) {
        walk.root(place, "function imported by another library");
      }
    }
    walk.run();
    interpretation.askAgain();
    walk.run();
    walk.again();
    isCutShort = interpretation.isExhausted();
    if (!isCutShort) {
      lookFurther();
    }
  }

  /** Instructions applied for what nobody who is seen calls, in bytes. */
  private static final long MOST_FURTHER_BYTES = 48L << 20;

  /** Goes through all functions that libraries of the group offer which hold unexplained needs. */
  private void lookFurther() {
    var next = new UseWalk(interpretation, objects, scope);
    boolean isWorthwhile = false;
    for (LoadedImage image : importers) {
      if (!image.entryPoints().isEmpty() || unexplained(image).isEmpty()) {
        continue;
      }
      int number = interpretation.imageNumber(image);
      var offered = new ArrayList<Symbol>();
      image
          .image()
          .symbols()
          .forEachExported(
              symbol -> {
                if (offered.size() < MOST_EXPORTS && image.isCode(symbol.address())) {
                  offered.add(symbol);
                }
              });
      offered.forEach(
          symbol -> next.root(interpretation.place(number, symbol.address()), "exported function"));
      isWorthwhile |= !offered.isEmpty();
    }
    if (isWorthwhile) {
      interpretation.allow(MOST_FURTHER_BYTES);
      next.run();
      next.again();
      if (!interpretation.isExhausted()) {
        further = next;
      }
    }
  }

  /**
   * The places of code that images of the group import from one another.
   *
   * @param own gets those that an image has in its own data
   */
  private Set<Long> imported(Set<Long> own) {
    var out = new LinkedHashSet<Long>();
    for (LoadedImage image : importers) {
      int number = interpretation.imageNumber(image);
      image.forEachDataWord(
          at -> {
            boolean isImported =
                switch (image.slot(at)) {
                  case Slot.Imported _ -> true;
                  case Slot.Local local -> {
                    if (image.isCode(local.address())) {
                      own.add(interpretation.place(number, local.address()));
                    }
                    yield false;
                  }
                  case Slot.Resolved _, Slot.None _ -> false;
                };
            long value = isImported ? interpretation.loaderPointer(number, at) : Values.BOTTOM;
            if (Values.kind(value) == Values.ADDRESS) {
              long place = Values.payload(value);
              int there = Interpretation.imageNumberOf(place);
              if (interpretation.image(there).isCode(interpretation.virtualAddressOf(place))) {
                (there == number ? own : out).add(place);
              }
            }
          });
    }
    return out;
  }

  /** What the code of one image was found to need at use. */
  StageRequirements requirements(LoadedImage image) {
    List<InstructionNeed> needs =
        walk.needs(image, asked()).stream()
            .filter(need -> need.stage() == Stage.USE)
            // Where not all was followed to its end, a check may not have been met yet.
            .filter(need -> !isCutShort || need.certainty() == Certainty.WRONGLY_GUARDED)
            .toList();
    return new StageRequirements(
        true,
        needs,
        List.of(),
        walk.functions(),
        0,
        open(image),
        isCutShort ? interpretation.gaps() : List.of());
  }

  /** Whether code of an image is reached without a check of what is asked for elsewhere. */
  boolean isDoubtful(LoadedImage image) {
    return !walk.doubts(image, asked()).isEmpty();
  }

  /** What instructions need of which it is open who calls them, or behind which check. */
  private List<FeatureTerm> open(LoadedImage image) {
    var all = new LinkedHashSet<>(unexplained(image));
    all.addAll(walk.doubts(image, asked()));
    return List.copyOf(all);
  }

  private @Nullable AskedFeatures askedFeatures;

  private AskedFeatures asked() {
    if (askedFeatures == null) {
      askedFeatures = new AskedFeatures(interpretation);
    }
    return askedFeatures;
  }

  /** What stands before what the code of one image contains but does not require. */
  List<Protection> protections(LoadedImage image) {
    CodeSweep.Part part = sweeps.get(image);
    return part == null ? List.of() : new Protections(interpretation, walk).of(image, part);
  }

  /** What checks let pass at an earlier stage although they do not imply it. */
  List<InstructionNeed> wronglyGuarded(LoadedImage image, Stage stage) {
    return walk.needs(image, asked()).stream().filter(need -> need.stage() == stage).toList();
  }

  /** Which of some addresses lie in code that nothing in the group leads to. */
  private BitSet unused(LoadedImage image, long[] addresses, BitSet covered) {
    int number = interpretation.imageNumber(image);
    if (roots.isEmpty() || covered.cardinality() == addresses.length) {
      return new BitSet();
    }
    var open = new ArrayList<Long>();
    var index = new ArrayList<Integer>();
    for (int i = covered.nextClearBit(0); i < addresses.length; i = covered.nextClearBit(i + 1)) {
      open.add(interpretation.place(number, addresses[i]));
      index.add(i);
    }
    var out = new BitSet();
    scope.unused(roots, open).stream().forEach(i -> out.set(index.get(i)));
    return out;
  }

  /** What instructions need that lie in no function that was gone through. */
  private List<FeatureTerm> unexplained(LoadedImage image) {
    CodeSweep.Part part = sweeps.get(image);
    if (part == null) {
      return List.of();
    }
    var addresses = new long[part.needCount()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = part.needAddress(i);
    }
    BitSet covered = walk.covered(image, addresses);
    if (further != null) {
      BitSet more = further.covered(image, addresses);
      more.andNot(further.unprotected(image, addresses));
      covered.or(more);
    }
    covered.or(unused(image, addresses, covered));
    var terms = new LinkedHashSet<Integer>();
    for (int i = covered.nextClearBit(0); i < addresses.length; i = covered.nextClearBit(i + 1)) {
      terms.add(part.needTerm(i));
    }
    return terms.stream().map(X86Terms::term).toList();
  }
}
