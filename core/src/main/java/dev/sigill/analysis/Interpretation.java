package dev.sigill.analysis;

import dev.sigill.image.CodeRange;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.image.Section;
import dev.sigill.image.Segment;
import dev.sigill.image.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The abstract interpretation of a group of images that share an address space: which functions are
 * reached from the roots given to it, what registers and memory may hold there, and which blocks
 * run only behind a CPU check. Lazy: only what roots reach is decoded and interpreted.
 *
 * <p>Not for use by several threads; each group of images has an interpretation of its own.
 */
final class Interpretation {
  /** The most bytes of instructions interpreted before it gives up, repeated visits included. */
  private final long budgetBytes;

  /** More functions of one group than these would take more memory than people have to spare. */
  private static final int MOST_FUNCTIONS = 250_000;

  /** After so many functions each it is asked whether there is memory for more. */
  private static final int ROOM_ASKED_EACH = 1024;

  /** How often one function is interpreted again before its inputs are no longer refined. */
  private static final int MOST_VISITS = 16;

  /** With more calls than these, what one of them no longer passes is not taken back. */
  private static final int MOST_SITES = 64;

  /** Callers' arguments are widened to unknown after this many changes. */
  private static final int WIDEN_AFTER = 8;

  /** Calls nest on the interpreter's own stack up to here; deeper ones are queued. */
  private static final int MOST_DEPTH = 1200;

  /** Images beyond this number would not fit an encoded address. */
  static final int MOST_IMAGES = 2000;

  /** Added to an image's number: the thread-local variables of that image. */
  static final int THREAD_LOCAL = 2048;

  final Guards guards = new Guards();
  final Values values = new Values(guards);
  final Memory memory = new Memory(values);
  final AnswerUse answerUse = new AnswerUse();
  final ArgumentUse argumentUse = new ArgumentUse();

  private final List<LoadedImage> images;
  private final Map<LoadedImage, Integer> imageNumbers = new HashMap<>();
  private final Map<LoadedImage, LoadScope> scopes;
  private final long[] base;
  private final ImageAddresses[] addresses;
  private final LongMap<AnalysedFunction> functions = new LongMap<>();
  private final List<AnalysedFunction> functionList = new ArrayList<>();
  private final ArrayDeque<AnalysedFunction> queue = new ArrayDeque<>();
  private final List<String> externals = new ArrayList<>();
  private final Map<String, Integer> externalNumbers = new HashMap<>();
  private final HashSet<Long> referenced = new HashSet<>();
  private long aloneBytes;
  private int depth;
  private long spentBytes;
  private long allowedBytes = Long.MAX_VALUE;
  private boolean isExhausted;
  private boolean isShortOfMemory;

  /** What is asked of one image again and again. */
  private record ImageAddresses(
      boolean hasFixedAddresses, long[] readOnlyStart, long[] readOnlyEnd, long end) {}

  Interpretation(List<LoadedImage> images, Map<LoadedImage, LoadScope> scopes, long budgetBytes) {
    this.images = List.copyOf(images);
    this.scopes = scopes;
    this.budgetBytes = budgetBytes;
    if (images.size() > MOST_IMAGES) {
      throw new IllegalArgumentException("more images than an address can name");
    }
    base = new long[images.size()];
    addresses = new ImageAddresses[images.size()];
    for (int i = 0; i < images.size(); i++) {
      imageNumbers.put(images.get(i), i);
      Image image = images.get(i).image();
      long least = Long.MAX_VALUE;
      long end = 0;
      for (Segment segment : image.segments()) {
        if (segment.memorySize() > 0 && segment.virtualAddress() >= 0) {
          least = Math.min(least, segment.virtualAddress());
          end = Math.max(end, segment.virtualAddress() + segment.memorySize());
        }
      }
      for (CodeRange range : image.code()) {
        least = Math.min(least, range.start());
        end = Math.max(end, range.end());
      }
      base[i] = least == Long.MAX_VALUE ? 0 : least;
      var readOnly = new TreeMap<Long, Long>();
      for (Segment part : image.readOnlyOnceLoaded()) {
        readOnly.put(part.virtualAddress(), part.virtualAddress() + part.memorySize());
      }
      for (Section section : image.sections()) {
        if (!section.isWritable() && section.virtualAddress() != 0 && section.fileSize() > 0) {
          readOnly.put(section.virtualAddress(), section.virtualAddress() + section.memorySize());
        }
      }
      addresses[i] =
          new ImageAddresses(
              image.format() == Format.ELF && image.kind() == Image.Kind.EXECUTABLE && least > 0,
              readOnly.keySet().stream().mapToLong(Long::longValue).toArray(),
              readOnly.values().stream().mapToLong(Long::longValue).toArray(),
              end);
    }
  }

  /** Sets how many bytes of instructions may still be applied, those of loops repeatedly. */
  void allow(long bytes) {
    allowedBytes = bytes;
  }

  /** Says that so many bytes of instructions were applied. */
  void spend(int bytes) {
    allowedBytes -= bytes;
    if (allowedBytes < 0) {
      isExhausted = true;
    }
  }

  boolean isExhausted() {
    return isExhausted;
  }

  /** The gap where Java's heap was too small; such a result says nothing of the next time. */
  static final String SHORT_OF_MEMORY =
      "Java had too little memory for one group of libraries"
          + " (`SIGILL_JAVA_OPTIONS=-Xmx6g` gives it more)";

  /** Whether more memory would have told more. */
  boolean isShortOfMemory() {
    return isShortOfMemory;
  }

  /** What was left out because it would have taken too long or too much memory. */
  List<String> gaps() {
    if (!isExhausted) {
      return List.of();
    }
    return List.of(
        isShortOfMemory
            ? SHORT_OF_MEMORY
            : "the budget for one group of libraries was spent before the end");
  }

  int imageNumber(LoadedImage image) {
    Integer number = imageNumbers.get(image);
    return number == null ? -1 : number;
  }

  LoadedImage image(int number) {
    return images.get(number);
  }

  // Functions that need not be followed.

  private @Nullable UseScope scope;
  private final Returning returning = new Returning(this);

  /** From now on only functions that matter are followed. */
  void limitTo(UseScope useScope) {
    scope = useScope;
    giving.forEach(this::callersAgain);
    giving.clear();
  }

  /** Whether checks that end the program are still asked for: at load and import. */
  boolean tellsRefusals() {
    return scope == null;
  }

  /**
   * Whether a callee need not be followed: nothing that it reaches matters, and it was not followed
   * before. Small ones are: they set and get what others store.
   */
  boolean isOpaque(AnalysedFunction callee) {
    return scope != null
        && callee.visits == 0
        && callee.graph.decodedBytes > MOST_SMALL_BYTES
        && !scope.matters(callee);
  }

  /**
   * Goes through a function that need not be interpreted: it decides nothing, and neither what it
   * is given nor the fields that it reads tell anything of the processor.
   *
   * @return whether it is such a function
   */
  private boolean wentPlainly(AnalysedFunction function) {
    if (scope == null || function.visits > 0 && !function.isPlain) {
      return false;
    }
    // One of its own: functions that it calls are gone through meanwhile.
    var plain = new PlainFlow(this, returning, scope);
    boolean isTold = false;
    for (int i = 0; i < AnalysedFunction.MOST_ARGUMENTS; i++) {
      isTold |=
          Values.isGuarded(function.argument[i])
              && (i < AnalysedFunction.REGISTER_ARGUMENTS || plain.readsStackArguments(function));
    }
    if (isTold || function.graph.readsProcessorText || !scope.asksNothing(function)) {
      function.isPlain = false;
      return false;
    }
    int visits = function.visits;
    function.isPlain = true;
    function.visits++;
    function.isRunning = true;
    depth++;
    try {
      function.isPlain = plain.run(function);
    } finally {
      depth--;
      function.isRunning = false;
    }
    if (!function.isPlain) {
      function.visits = visits;
      return false;
    }
    long unknown = Values.top(Guards.NONE);
    answer(function, returning.returns(function), unknown, unknown);
    return true;
  }

  /** Whether a callee that is not followed comes back. */
  boolean comesBack(AnalysedFunction callee) {
    return returning.returns(callee);
  }

  private static final int MOST_SMALL_BYTES = 48;

  int imageCount() {
    return images.size();
  }

  /** Interprets a root and everything it reaches until nothing changes. */
  @Nullable AnalysedFunction run(LoadedImage image, long entry) {
    AnalysedFunction function = function(imageNumber(image), entry);
    if (function != null) {
      enter(function);
      settle();
    }
    return function;
  }

  /** Interprets queued functions until nothing changes. */
  void settle() {
    while (!queue.isEmpty() && !isExhausted) {
      AnalysedFunction next = queue.poll();
      next.isQueued = false;
      interpret(next);
    }
  }

  /**
   * Asks again who stored what is not understood beside what is: variables that were read before it
   * was known what they hold, and stored again, say so for ever otherwise.
   */
  void askAgain() {
    List<Memory.Forgotten> forgotten =
        memory.forgetVague(
            number -> functionList.get(number).visits < MOST_VISITS - VISITS_TO_ASK, this::changed);
    settle();
    for (Memory.Forgotten each : forgotten) {
      long stored = memory.stored(Memory.IMAGES, each.place(), each.size(), each.site());
      if (stored == Values.BOTTOM) {
        changed(each.function());
      }
    }
    settle();
  }

  /** Functions are only asked again while they can be interpreted so much more often. */
  private static final int VISITS_TO_ASK = 3;

  /** The function at an address, interpreted at least once; null where there is no code. */
  @Nullable AnalysedFunction function(int imageNumber, long entry) {
    LoadedImage image = images.get(imageNumber);
    long key = place(imageNumber, entry);
    AnalysedFunction known = functions.get(key);
    if (known != null) {
      return known;
    }
    if (!image.isCode(entry) || isExhausted) {
      return null;
    }
    if (functionList.size() >= MOST_FUNCTIONS) {
      isExhausted = true;
      return null;
    }
    if (functionList.size() % ROOM_ASKED_EACH == ROOM_ASKED_EACH - 1 && HeapRoom.isShort()) {
      isExhausted = true;
      isShortOfMemory = true;
      return null;
    }
    var function =
        new AnalysedFunction(functionList.size(), imageNumber, image, image.function(entry));
    functions.put(key, function);
    functionList.add(function);
    return function;
  }

  /** A function known already; null where nothing reached it. */
  @Nullable AnalysedFunction known(int imageNumber, long entry) {
    return functions.get(place(imageNumber, entry));
  }

  List<AnalysedFunction> functions() {
    return functionList;
  }

  /** Says that something other than a call that was seen enters a function. */
  void enterFreely(AnalysedFunction function) {
    if (function.enterFreely() && function.visits > 0) {
      enqueue(function);
    }
  }

  /** Interprets a function that something other than a call that was seen enters. */
  void enter(AnalysedFunction function) {
    enterFreely(function);
    visit(function);
  }

  /** Interprets a function that was never visited, unless calls nest too deeply. */
  void visit(AnalysedFunction function) {
    if (function.visits > 0 || function.isRunning) {
      return;
    }
    if (depth >= MOST_DEPTH) {
      enqueue(function);
      return;
    }
    interpret(function);
  }

  private void interpret(AnalysedFunction function) {
    if (function.isRunning) {
      enqueue(function);
      return;
    }
    if (function.visits >= MOST_VISITS) {
      return;
    }
    if (wentPlainly(function)) {
      return;
    }
    spentBytes += function.graph.decodedBytes;
    if (spentBytes > budgetBytes) {
      isExhausted = true;
      return;
    }
    function.visits++;
    function.isRunning = true;
    depth++;
    try {
      new FunctionFlow(this, function).run();
      if (Calls.answersByNumber(function)) {
        evaluateAgain(function);
      }
    } finally {
      depth--;
      function.isRunning = false;
    }
  }

  /**
   * How many bytes of functions are evaluated for one call alone before their shared answers have
   * to do.
   */
  private static final long MOST_ALONE_BYTES = 8L << 20;

  /** What a function does when it is called with given arguments and nobody else calls it. */
  CallContext alone(AnalysedFunction callee, long[] arguments, int context) {
    List<Long> key = Arrays.stream(arguments).boxed().toList();
    CallContext known = callee.alone.get(key);
    if (known != null) {
      return known;
    }
    var shared =
        new CallContext(callee.returns, callee.result, callee.secondResult, List.of(), List.of());
    aloneBytes += callee.graph.decodedBytes;
    if (aloneBytes > MOST_ALONE_BYTES) {
      return shared;
    }
    // A call that leads back to itself finds the shared answer.
    callee.alone.put(key, shared);
    CallContext evaluated = evaluated(callee, arguments, context);
    callee.alone.put(key, evaluated);
    return evaluated;
  }

  private CallContext evaluated(AnalysedFunction callee, long[] arguments, int context) {
    spentBytes += callee.graph.decodedBytes;
    return new FunctionFlow(this, callee, arguments, context).evaluate();
  }

  /**
   * Evaluates calls again that were evaluated alone, after something that they read has changed.
   */
  private void evaluateAgain(AnalysedFunction callee) {
    boolean isNews = false;
    for (List<Long> key : List.copyOf(callee.alone.keySet())) {
      long[] arguments = key.stream().mapToLong(Long::longValue).toArray();
      CallContext evaluated = evaluated(callee, arguments, 1);
      isNews |= !evaluated.equals(callee.alone.put(key, evaluated));
    }
    if (isNews) {
      callersAgain(callee);
    }
  }

  void enqueue(AnalysedFunction function) {
    if (!function.isQueued && function.visits < MOST_VISITS) {
      function.isQueued = true;
      queue.add(function);
    }
  }

  /** Something that a function read has changed. */
  void changed(int functionNumber) {
    enqueue(functionList.get(functionNumber));
  }

  /**
   * Says what one call passes, and behind which check it stands, instead of what was said of it
   * before; a change has the callee interpreted again.
   */
  void pass(AnalysedFunction callee, long site, long[] arguments, int guard) {
    if (callee.isCalledFromOutside) {
      return;
    }
    passArguments(callee, site, arguments);
    boolean isSettled = callee.visits > WIDEN_AFTER || callee.passedCount > MOST_SITES;
    if (callee.callBehind(site, guard, isSettled, guards) && callee.visits > 0) {
      enqueue(callee);
    }
  }

  private void passArguments(AnalysedFunction callee, long site, long[] arguments) {
    long[] before = callee.passed.get(site);
    if (before == null) {
      if (callee.passedCount == callee.passedSite.length) {
        callee.passedSite = Arrays.copyOf(callee.passedSite, Math.max(1, callee.passedCount * 2));
      }
      callee.passedSite[callee.passedCount++] = site;
      callee.passed.put(site, withoutUnknownEnd(arguments));
      raise(callee, arguments);
      return;
    }
    boolean isRaised = true;
    boolean isSame = true;
    for (int i = 0; i < arguments.length; i++) {
      long known = i < before.length ? before[i] : Values.UNKNOWN;
      isSame &= known == arguments[i];
      isRaised &= values.join(known, arguments[i]) == arguments[i];
    }
    if (isSame) {
      return;
    }
    callee.passed.put(site, withoutUnknownEnd(arguments));
    if (isRaised || callee.visits > WIDEN_AFTER || callee.passedCount > MOST_SITES) {
      raise(callee, arguments);
      return;
    }
    var all = new long[AnalysedFunction.MOST_ARGUMENTS];
    for (int c = 0; c < callee.passedCount; c++) {
      long[] part = callee.passed.get(callee.passedSite[c]);
      for (int i = 0; i < all.length; i++) {
        all[i] = values.join(all[i], i < part.length ? part[i] : Values.UNKNOWN);
      }
    }
    if (!Arrays.equals(all, callee.argument)) {
      System.arraycopy(all, 0, callee.argument, 0, all.length);
      if (callee.visits > 0) {
        enqueue(callee);
      }
    }
  }

  private static final long[] ALL_UNKNOWN = {};

  /** Most calls pass few arguments of which anything is known. */
  private static long[] withoutUnknownEnd(long[] arguments) {
    int length = arguments.length;
    while (length > 0 && arguments[length - 1] == Values.UNKNOWN) {
      length--;
    }
    return length == 0 ? ALL_UNKNOWN : Arrays.copyOf(arguments, length);
  }

  /**
   * Says that code outside the target may call a function, with anything.
   *
   * @return whether it was never interpreted yet
   */
  boolean callFromOutside(AnalysedFunction function) {
    if (!function.isCalledFromOutside) {
      function.isCalledFromOutside = true;
      boolean wasPointer = false;
      for (int i = 0; i < function.argument.length; i++) {
        long before = function.argument[i];
        wasPointer |= isPointer(before);
        function.argument[i] = Values.top(values.anyTaint(before, before));
      }
      if (function.visits > 0) {
        enqueue(function);
        if (wasPointer) {
          callersAgain(function);
        }
      }
    }
    return function.visits == 0;
  }

  /** Says that a function leaves what checks decided to its callers. */
  void tells(AnalysedFunction function) {
    callersAgain(function);
  }

  /**
   * Says that what a callee is given cannot be told any more: its callers give pointers away. What
   * is given away matters at use, so until then they are not asked again.
   */
  private void givenAway(AnalysedFunction callee) {
    if (scope != null) {
      callersAgain(callee);
      return;
    }
    giving.add(callee);
    for (int c = 0; c < callee.passedCount; c++) {
      for (long passed : callee.passed.get(callee.passedSite[c])) {
        for (long element : values.elements(passed)) {
          if (Values.kind(element) == Values.ADDRESS) {
            stored(element, Guards.NONE);
          }
        }
      }
    }
  }

  /** Functions that were given pointers before use which they may hand on. */
  private final Set<AnalysedFunction> giving = new LinkedHashSet<>();

  private void callersAgain(AnalysedFunction function) {
    function.callers.forEach(this::changed);
  }

  private static boolean isPointer(long value) {
    return switch (Values.kind(value)) {
      case Values.ADDRESS, Values.SET, Values.OBJECT, Values.FRAME -> true;
      default -> false;
    };
  }

  private void raise(AnalysedFunction callee, long[] arguments) {
    boolean changed = false;
    boolean isPointerLost = false;
    for (int i = 0; i < arguments.length; i++) {
      long joined = values.join(callee.argument[i], arguments[i]);
      if (joined != callee.argument[i]) {
        if (callee.visits > WIDEN_AFTER || isWide(joined)) {
          joined = Values.top(values.anyTaint(joined, joined));
        }
        changed |= joined != callee.argument[i];
        isPointerLost |= Values.kind(joined) == Values.TOP && isPointer(callee.argument[i]);
        callee.argument[i] = joined;
      }
    }
    if (isPointerLost) {
      givenAway(callee);
    }
    if (changed && callee.visits > 0) {
      enqueue(callee);
    }
  }

  /** Whether a value names so many things, none of which a check chose, that it says little. */
  private boolean isWide(long value) {
    return !Values.isTainted(value)
        && Values.kind(value) == Values.SET
        && values.elements(value).length > MOST_PASSED;
  }

  /** The most pointers that are told apart in what different callers pass. */
  private static final int MOST_PASSED = 4;

  /**
   * How a function uses what a callee answers at one of its calls, as {@link AnswerUse} says; it is
   * interpreted again when an answer changes that it may use. An answer that tells nothing is not
   * looked into.
   */
  int useOfAnswer(AnalysedFunction function, int event, AnalysedFunction callee) {
    boolean tells = Values.isGuarded(callee.result) || Values.isGuarded(callee.secondResult);
    int use = tells ? answerUse.of(function, event) : AnswerUse.FIRST | AnswerUse.SECOND;
    if (use != AnswerUse.NONE) {
      callee.readers.add(function.number);
    }
    return use;
  }

  /** Says what a function returns; callers are interpreted again where that is news. */
  void answer(AnalysedFunction function, boolean returns, long result, long second) {
    long newResult = result;
    long newSecond = second;
    if (function.visits > WIDEN_AFTER) {
      newResult = values.join(function.result, result);
      newSecond = values.join(function.secondResult, second);
    }
    boolean nowReturns = returns || function.returns;
    boolean isNews = function.returns != nowReturns;
    if (isNews || newResult != function.result || newSecond != function.secondResult) {
      function.returns = nowReturns;
      function.result = newResult;
      function.secondResult = newSecond;
      if (isNews) {
        callersAgain(function);
      } else {
        function.readers.forEach(this::changed);
      }
    }
  }

  // Functions told apart by their address.

  /** What is known of the places at which the address of one function is stored. */
  private static final class Stored {
    int guard;
    final BitSet readers = new BitSet();
  }

  private final LongMap<Stored> stored = new LongMap<>();

  /** Says that the address of a function is stored or passed on behind a check. */
  void stored(long address, int guard) {
    long place = Values.payload(address);
    Stored known = stored.get(place);
    if (known == null) {
      int image = imageNumberOf(place);
      if (image >= THREAD_LOCAL || !images.get(image).isCode(virtualAddressOf(place))) {
        return;
      }
      known = new Stored();
      known.guard = guard;
      stored.put(place, known);
      return;
    }
    int least = guards.either(known.guard, guard);
    if (least != known.guard) {
      known.guard = least;
      known.readers.stream().forEach(this::changed);
    }
  }

  /**
   * The check behind which an address is stored wherever it is; {@link Guards#NONE} for other
   * values.
   */
  int storedBehind(long value, int reader) {
    if (Values.kind(value) != Values.ADDRESS) {
      return Guards.NONE;
    }
    Stored known = stored.get(Values.payload(value));
    if (known == null) {
      return Guards.NONE;
    }
    known.readers.set(reader);
    return known.guard;
  }

  // Addresses.

  /** The key of an address: image number and offset from its base, as in an encoded value. */
  long place(int imageNumber, long address) {
    return (long) imageNumber << 32 | address - base[imageNumber] & 0xffff_ffffL;
  }

  /** An encoded address of an image. */
  long address(int imageNumber, long virtualAddress) {
    return Values.encode(Values.ADDRESS, Guards.NONE, place(imageNumber, virtualAddress));
  }

  /**
   * The image number in the payload of an encoded address; thread-local places give a higher one.
   */
  static int imageNumberOf(long place) {
    return (int) (place >>> 32);
  }

  long virtualAddressOf(long place) {
    return base[imageNumberOf(place) % THREAD_LOCAL] + (place & 0xffff_ffffL);
  }

  /** A constant that is an address of an image linked at a fixed place; BOTTOM where it is none. */
  long fixedAddress(int imageNumber, long number) {
    ImageAddresses there = addresses[imageNumber];
    return there.hasFixedAddresses() && number >= base[imageNumber] && number < there.end()
        ? address(imageNumber, number)
        : Values.BOTTOM;
  }

  boolean isReadOnly(int imageNumber, long virtualAddress) {
    long[] starts = addresses[imageNumber].readOnlyStart();
    int at = Arrays.binarySearch(starts, virtualAddress);
    int index = at >= 0 ? at : -at - 2;
    return index >= 0 && virtualAddress < addresses[imageNumber].readOnlyEnd()[index];
  }

  // Names outside the target.

  long external(String name) {
    Integer number = externalNumbers.get(name);
    if (number == null) {
      number = externals.size();
      externals.add(name);
      externalNumbers.put(name, number);
    }
    return Values.encode(Values.EXTERNAL, Guards.NONE, number);
  }

  String externalName(long value) {
    return externals.get((int) Values.payload(value));
  }

  // What the loader leaves in memory.

  /** The pointer that the loader leaves at a place of an image; BOTTOM where it leaves none. */
  long loaderPointer(int imageNumber, long virtualAddress) {
    return loaderPointer(imageNumber, virtualAddress, null);
  }

  /** The same, with a function that is interpreted again when a resolver's answer changes. */
  long loaderPointer(int imageNumber, long virtualAddress, @Nullable AnalysedFunction reader) {
    LoadedImage image = images.get(imageNumber);
    return switch (image.slot(virtualAddress)) {
      case Slot.Local local -> address(imageNumber, local.address());
      case Slot.Imported imported -> imported(image, imported, reader);
      case Slot.Resolved resolved -> resolved(imageNumber, resolved.resolver(), reader);
      case Slot.None _ -> Values.BOTTOM;
    };
  }

  private long imported(
      LoadedImage image, Slot.Imported imported, @Nullable AnalysedFunction reader) {
    LoadScope.Target target = scopes.get(image).resolve(image, imported);
    if (target.isNone()) {
      return external(imported.name());
    }
    int number = imageNumber(target.image());
    if (number < 0) {
      return external(imported.name());
    }
    if (target.isIndirect()) {
      return resolved(number, target.address(), reader);
    }
    return address(number, target.address() + imported.addend());
  }

  /** The place that an import is bound to in an image of the group; -1 where it is outside. */
  long definition(int imageNumber, Slot.Imported imported) {
    LoadScope.Target target =
        scopes.get(images.get(imageNumber)).resolve(images.get(imageNumber), imported);
    int number = target.isNone() ? -1 : imageNumber(target.image());
    return number < 0
        ? -1
        : place(number, target.address() + (target.isIndirect() ? 0 : imported.addend()));
  }

  /** What an IFUNC resolver answers. */
  private long resolved(int imageNumber, long resolver, @Nullable AnalysedFunction reader) {
    AnalysedFunction function = function(imageNumber, resolver);
    if (function == null) {
      return Values.top(Guards.NONE);
    }
    if (reader != null) {
      function.callers.add(reader.number);
      function.readers.add(reader.number);
    }
    enter(function);
    return function.result == Values.BOTTOM ? Values.top(Guards.UNKNOWN) : function.result;
  }

  /**
   * The places of code that the pointers of a table lead to: as long as words hold pointers, with
   * small gaps for other fields, and no further than the next address that some other code uses.
   */
  List<Long> tableEntries(long place) {
    return pointers(place, MOST_WORDS, true);
  }

  /**
   * A pointer by which something is read or written: where it is one of a table's, which one is not
   * known, all the objects that the table leads to; unknown where they are too many.
   */
  long followed(long pointer) {
    if (Values.kind(pointer) != Values.ENTRY && Values.kind(pointer) != Values.SET) {
      return pointer;
    }
    long out = Values.BOTTOM;
    for (long element : values.elements(pointer)) {
      out = values.join(out, Values.kind(element) == Values.ENTRY ? objectsOf(element) : element);
    }
    return out;
  }

  private long objectsOf(long entry) {
    List<Long> places = pointers(Values.payload(entry), MOST_OBJECTS + 1, false);
    long out = Values.BOTTOM;
    for (long place : places) {
      out = values.join(out, Values.encode(Values.ADDRESS, Values.guard(entry), place));
    }
    return out == Values.BOTTOM || places.size() > MOST_OBJECTS
        ? Values.top(Values.guard(entry))
        : out;
  }

  /** A table with pointers to more objects than these is not looked through for their fields. */
  private static final int MOST_OBJECTS = 16;

  /**
   * The places that pointers of a table lead to.
   *
   * @param most how many are wanted
   * @param isToCode whether those to code are asked for; else those to objects of the same image
   */
  private List<Long> pointers(long place, int most, boolean isToCode) {
    var out = new ArrayList<Long>();
    int number = imageNumberOf(place);
    if (number >= THREAD_LOCAL) {
      return out;
    }
    LoadedImage image = images.get(number);
    long address = virtualAddressOf(place);
    int gap = 0;
    for (int i = 0; i < MOST_WORDS && out.size() < most && gap <= MOST_GAP; i++, address += 8) {
      if (i > 0 && referenced.contains(place(number, address))) {
        break;
      }
      long target =
          switch (image.slot(address)) {
            case Slot.Local local ->
                image.isCode(local.address()) == isToCode
                    ? address(number, local.address())
                    : Values.top(Guards.NONE);
            case Slot.Imported imported -> {
              LoadScope.Target found = scopes.get(image).resolve(image, imported);
              int there = found.isNone() ? -1 : imageNumber(found.image());
              yield there < 0 || found.isIndirect() || !isToCode
                  ? Values.top(Guards.NONE)
                  : address(there, found.address() + imported.addend());
            }
            case Slot.Resolved _ -> Values.top(Guards.NONE);
            case Slot.None _ -> Values.BOTTOM;
          };
      if (target == Values.BOTTOM) {
        gap++;
      } else {
        gap = 0;
        if (Values.kind(target) == Values.ADDRESS) {
          out.add(Values.payload(target));
        }
      }
    }
    return out;
  }

  /** The most words of one table that are looked at. */
  private static final int MOST_WORDS = 4096;

  /** Words without pointers that may lie between the pointers of one table. */
  private static final int MOST_GAP = 8;

  /** Notes that code uses an address, so an object begins there. */
  void refer(long place) {
    referenced.add(place);
  }

  boolean isReferenced(long place) {
    return referenced.contains(place);
  }

  /** Whether a variable is zero when the image is loaded. */
  boolean isZeroAtStart(int imageNumber, long virtualAddress, int size) {
    if (isReadOnly(imageNumber, virtualAddress)) {
      return false;
    }
    long number = fileNumber(imageNumber, virtualAddress, size);
    return number == Values.BOTTOM || Values.isConstant(number) && Values.number(number) == 0;
  }

  /** The number that a read-only place of a file holds, as a constant; BOTTOM where none. */
  long fileNumber(int imageNumber, long virtualAddress, int size) {
    Image image = images.get(imageNumber).image();
    long offset = image.fileOffset(virtualAddress);
    if (offset < 0 || !image.bytes().has(offset, size)) {
      return Values.BOTTOM;
    }
    long number =
        switch (size) {
          case 1 -> image.bytes().u8(offset);
          case 2 -> image.bytes().u16(offset, image.byteOrder());
          case 4 -> image.bytes().u32(offset, image.byteOrder());
          case 8 -> image.bytes().i64(offset, image.byteOrder());
          default -> 0;
        };
    return Values.constant(number, Guards.NONE);
  }
}
