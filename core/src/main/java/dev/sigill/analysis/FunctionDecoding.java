package dev.sigill.analysis;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.CodeRange;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.image.Slot;
import dev.sigill.isa.x86.X86Decoder;
import dev.sigill.platform.Architecture;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recursive descent from a function's entry over x86-64 code. It stays within the function's range
 * in the file's function table; a jump into another range's middle is a cold part of the same
 * function, a jump to another range's start is a tail call. Jump tables are read where their base
 * is a known address.
 */
final class FunctionDecoding {
  /** How far a function without a known range may extend, in bytes. */
  private static final int UNBOUNDED_FUNCTION = 1 << 20;

  /** The most instructions followed in one function. */
  private static final int MOST_INSTRUCTIONS = 400_000;

  /** How many bytes of a function are swept to tell where its instructions begin. */
  private static final int MOST_SWEPT = 1 << 20;

  /** The most entries read of one jump table. */
  private static final int MOST_TABLE_ENTRIES = 4096;

  private final Image image;
  private final Bytes bytes;
  private final FunctionTable table;
  private final long[] rangeStart;
  private final long[] rangeEnd;
  private final long[] rangeOffset;

  FunctionDecoding(Image image) {
    this.image = image;
    this.bytes = image.bytes();
    this.table = image.functions();
    List<CodeRange> code = image.code();
    rangeStart = code.stream().mapToLong(CodeRange::start).toArray();
    rangeEnd = code.stream().mapToLong(CodeRange::end).toArray();
    rangeOffset = code.stream().mapToLong(CodeRange::fileOffset).toArray();
  }

  /** Whether code of this architecture can be followed. */
  static boolean supports(Architecture architecture) {
    return architecture == Architecture.X86_64;
  }

  boolean isCode(long address) {
    return rangeOf(address) >= 0;
  }

  private int rangeOf(long address) {
    int found = Arrays.binarySearch(rangeStart, address);
    int index = found >= 0 ? found : -found - 2;
    return index >= 0 && address < rangeEnd[index] ? index : -1;
  }

  FunctionGraph decode(long entry) {
    return new Descent(entry).run();
  }

  /** One descent; not shared between threads. */
  private final class Descent {
    private final long entry;
    private final X86Decoder decoder = new X86Decoder();

    /** The function's own range. */
    private long low;

    private long high;

    /** Whether the function's range is known from the file. */
    private boolean hasRange;

    private @Nullable BitSet boundaries;

    /** Bytes copied from the file, from {@link #windowStart}. */
    private byte[] window = new byte[0];

    private long windowStart;
    private int windowSize;

    // Instructions in the order in which they were met.
    private int count;
    private long[] address = new long[64];
    private byte[] length = new byte[64];
    private byte[] flow = new byte[64];
    private int[] term = new int[64];
    private long[] target = new long[64];
    private boolean[] isLeader = new boolean[64];
    private int decodedBytes;

    /** Which texts of {@link ProcessorText} it names. */
    private int processorText;

    /** Whether it executes CPUID. */
    private boolean asksProcessor;

    private final AddressMap index = new AddressMap();
    private long[] work = new long[16];
    private int workSize;

    /** Jump table targets by instruction number: start and count in {@link #tableTargets}. */
    private long[] tableTargets = new long[0];

    private int tableTargetCount;

    // Constants seen on the way, by register, in the order of decoding.
    private final long[] leaValue = new long[16];
    private final boolean[] leaKnown = new boolean[16];
    private long tableAddress;
    private long tableBase;
    private int tableEntrySize;
    private int tableAge = Integer.MAX_VALUE;
    private long compareLimit;
    private int compareAge = Integer.MAX_VALUE;

    Descent(long entry) {
      this.entry = entry;
    }

    FunctionGraph run() {
      FunctionTable.Range range = table.containing(entry);
      if (range.isNone()) {
        int code = rangeOf(entry);
        low = entry;
        high = code < 0 ? entry : Math.min(rangeEnd[code], entry + UNBOUNDED_FUNCTION);
      } else {
        low = range.start();
        high = range.end();
        hasRange = true;
      }
      push(entry);
      while (workSize > 0 && count < MOST_INSTRUCTIONS) {
        follow(work[--workSize]);
      }
      return new GraphBuilding().build();
    }

    private void push(long at) {
      if (workSize == work.length) {
        work = Arrays.copyOf(work, workSize * 2);
      }
      work[workSize++] = at;
    }

    /** Decodes straight on from an address until control leaves or known code is met. */
    private void follow(long at) {
      int known = index.get(at);
      if (known >= 0) {
        isLeader[known] = true;
        return;
      }
      boolean first = true;
      long position = at;
      while (count < MOST_INSTRUCTIONS) {
        known = index.get(position);
        if (known >= 0) {
          isLeader[known] = true;
          return;
        }
        if (!first && (position < low || position >= high) && isAnotherStart(position)) {
          // The call before it does not return: compilers put nothing behind such a call.
          int end = append(position, 0, true);
          flow[end] = FLOW_TRAP;
          return;
        }
        int size = decodeAt(position);
        int me = append(position, size, first);
        first = false;
        if (size <= 0) {
          flow[me] = FLOW_UNDECODABLE;
          return;
        }
        decodedBytes += size;
        term[me] = decoder.term();
        tableAge = Math.min(tableAge, 1 << 20) + 1;
        compareAge = Math.min(compareAge, 1 << 20) + 1;
        long next = position + size;
        switch (decoder.flow()) {
          case X86Decoder.FLOW_NEXT -> {
            flow[me] = FLOW_NEXT;
            note();
          }
          case X86Decoder.FLOW_BRANCH -> {
            flow[me] = FLOW_BRANCH;
            target[me] = jumpTarget(decoder.target());
            push(next);
            // The fall-through is decoded first, so that constants are seen in the likely order.
            return;
          }
          case X86Decoder.FLOW_JUMP -> {
            flow[me] = FLOW_JUMP;
            target[me] = jumpTarget(decoder.target());
            return;
          }
          case X86Decoder.FLOW_CALL -> {
            flow[me] = FLOW_CALL;
            target[me] = decoder.target();
            forgetAtCall();
          }
          case X86Decoder.FLOW_CALL_INDIRECT -> {
            if (decoder.hasMemory() && decoder.isRipRelative()) {
              flow[me] = FLOW_CALL_SLOT;
              target[me] = decoder.memoryAddress();
            } else {
              flow[me] = FLOW_CALL_UNKNOWN;
            }
            forgetAtCall();
          }
          case X86Decoder.FLOW_JUMP_INDIRECT -> {
            indirectJump(me);
            return;
          }
          case X86Decoder.FLOW_RETURN -> {
            flow[me] = FLOW_RETURN;
            return;
          }
          default -> {
            flow[me] = FLOW_TRAP;
            return;
          }
        }
        position = next;
      }
    }

    private boolean isAnotherStart(long position) {
      FunctionTable.Range there = table.containing(position);
      return !there.isNone() && there.start() == position;
    }

    /**
     * Where a direct jump leads within this function; a jump that leaves it is given its own pseudo
     * instruction, named by the complement of the address.
     */
    private long jumpTarget(long to) {
      if (to >= low && to < high) {
        push(to);
        return to;
      }
      FunctionTable.Range other = table.containing(to);
      boolean isColdPart = !other.isNone() && other.start() != to;
      if (isColdPart) {
        push(to);
        return to;
      }
      return leaving(to, FLOW_LEAVE);
    }

    private long leaving(long to, byte kind) {
      long key = ~to;
      if (index.get(key) < 0) {
        int me = append(key, 0, true);
        flow[me] = kind;
        target[me] = to;
      }
      return key;
    }

    private void indirectJump(int me) {
      int memoryBase = decoder.hasMemory() ? decoder.memoryBase() : -1;
      int memoryIndex = decoder.hasMemory() ? decoder.memoryIndex() : -1;
      if (decoder.hasMemory() && decoder.isRipRelative()) {
        flow[me] = FLOW_LEAVE_SLOT;
        target[me] = decoder.memoryAddress();
        return;
      }
      long[] targets = NO_TARGETS;
      if (decoder.hasMemory()) {
        // jmp [base + index*8] or jmp [table + index*8]
        if (memoryIndex >= 0 && decoder.memoryScale() == 8) {
          if (memoryBase < 0) {
            targets = readTable(decoder.memoryDisplacement(), 0, 8);
          } else if (leaKnown[memoryBase & 15]) {
            targets = readTable(leaValue[memoryBase & 15] + decoder.memoryDisplacement(), 0, 8);
          }
        }
      } else if (tableAge < 16) {
        targets = readTable(tableAddress, tableBase, tableEntrySize);
      } else if (leaKnown[decoder.modrmRm() & 15]) {
        flow[me] = FLOW_JUMP;
        target[me] = jumpTarget(leaValue[decoder.modrmRm() & 15]);
        return;
      }
      if (targets.length == 0) {
        flow[me] = FLOW_LEAVE_UNKNOWN;
        return;
      }
      flow[me] = FLOW_SWITCH;
      term[me] = 0;
      int first = tableTargetCount;
      if (tableTargetCount + targets.length + 1 > tableTargets.length) {
        tableTargets = Arrays.copyOf(tableTargets, (tableTargetCount + targets.length + 1) * 2);
      }
      tableTargets[tableTargetCount++] = targets.length;
      for (long to : targets) {
        tableTargets[tableTargetCount++] = to;
        push(to);
      }
      target[me] = first;
    }

    /**
     * The distinct targets of a jump table. It ends at the bound of the comparison before it, where
     * that was seen, and at the first entry that does not lead into this function.
     */
    private long[] readTable(long at, long base, int entrySize) {
      int most =
          compareAge < 24 && compareLimit >= 0 && compareLimit < MOST_TABLE_ENTRIES
              ? (int) compareLimit + 1
              : MOST_TABLE_ENTRIES;
      var found = new long[16];
      int size = 0;
      for (int i = 0; i < most; i++) {
        long where = at + (long) i * entrySize;
        long to;
        if (entrySize == 8) {
          if (image.slot(where) instanceof Slot.Local local) {
            to = local.address();
          } else {
            long offset = image.fileOffset(where);
            if (offset < 0 || !bytes.has(offset, 8)) {
              break;
            }
            to = bytes.i64(offset, ByteOrder.LITTLE_ENDIAN);
          }
        } else {
          long offset = image.fileOffset(where);
          if (offset < 0 || !bytes.has(offset, 4)) {
            break;
          }
          to = base + bytes.i32(offset, ByteOrder.LITTLE_ENDIAN);
        }
        boolean isBounded = most < MOST_TABLE_ENTRIES;
        boolean isInside = to >= low && to < high && (hasRange ? isBoundary(to) : isBounded);
        if (!isInside && isBounded) {
          // A part of the function that was moved elsewhere has a range of its own.
          isInside = table.containing(to).start() == to && rangeOf(to) >= 0;
        }
        if (!isInside) {
          break;
        }
        boolean isKnown = false;
        for (int j = Math.max(0, size - 64); j < size && !isKnown; j++) {
          isKnown = found[j] == to;
        }
        if (!isKnown) {
          if (size == found.length) {
            found = Arrays.copyOf(found, size * 2);
          }
          found[size++] = to;
        }
      }
      return Arrays.copyOf(found, size);
    }

    /**
     * Whether an instruction of this function begins at an address, by a sweep from its start. A
     * table read beyond its end soon gives an address at which none does.
     */
    private boolean isBoundary(long at) {
      if (boundaries == null) {
        boundaries = new BitSet();
        var sweep = new X86Decoder();
        int code = rangeOf(low);
        long offset = code < 0 ? -1 : rangeOffset[code] + (low - rangeStart[code]);
        int size = (int) Math.min(high - low, MOST_SWEPT);
        if (offset >= 0 && bytes.has(offset, size)) {
          byte[] all = bytes.array(offset, size);
          for (int i = 0; i < size; ) {
            boundaries.set(i);
            int step = sweep.decode(all, i, size, low + i);
            i += Math.max(1, step);
          }
        }
      }
      return at - low >= MOST_SWEPT || boundaries.get((int) (at - low));
    }

    /** Remembers constants that a plain instruction leaves in registers. */
    private void note() {
      if (decoder.encoding() != X86Decoder.LEGACY) {
        return;
      }
      int map = decoder.map();
      int opcode = decoder.opcode();
      int reg = decoder.modrmReg() & 15;
      if (map != 0) {
        asksProcessor |= map == 1 && opcode == CPUID;
        if (map == 1 && mayWriteGeneral(opcode)) {
          // One of two, as CMOV chooses, is not known.
          leaKnown[reg] = false;
          if (!decoder.hasMemory()) {
            leaKnown[decoder.modrmRm() & 15] &= !mayWriteOperand(opcode);
          }
        }
        return;
      }
      switch (opcode) {
        case 0x8d -> {
          leaKnown[reg] = decoder.isRipRelative();
          leaValue[reg] = decoder.memoryAddress();
          if (decoder.isRipRelative()) {
            processorText |= ProcessorText.at(image, decoder.memoryAddress());
          }
        }
        case 0x63, 0x8b -> {
          if (decoder.hasMemory() && decoder.memoryIndex() >= 0) {
            int base = decoder.memoryBase();
            if (decoder.memoryScale() == 4
                && base >= 0
                && leaKnown[base & 15]
                && (opcode == 0x63 || decoder.operandSize() == 4)) {
              tableBase = leaValue[base & 15];
              tableAddress = tableBase + decoder.memoryDisplacement();
              tableEntrySize = 4;
              tableAge = 0;
            } else if (opcode == 0x8b && decoder.memoryScale() == 8) {
              if (base < 0) {
                tableAddress = decoder.memoryDisplacement();
                tableEntrySize = 8;
                tableAge = 0;
              } else if (leaKnown[base & 15]) {
                tableAddress = leaValue[base & 15] + decoder.memoryDisplacement();
                tableEntrySize = 8;
                tableAge = 0;
              }
            }
          }
          if (!decoder.hasMemory() && opcode == 0x8b && leaKnown[decoder.modrmRm() & 15]) {
            leaKnown[reg] = true;
            leaValue[reg] = leaValue[decoder.modrmRm() & 15];
          } else {
            leaKnown[reg] = false;
          }
        }
        case 0x89 -> {
          if (!decoder.hasMemory()) {
            int rm = decoder.modrmRm() & 15;
            leaKnown[rm] = leaKnown[reg];
            leaValue[rm] = leaValue[reg];
          }
        }
        case 0x31, 0x33, 0x03, 0x2b, 0x23, 0x0b -> {
          if (!decoder.hasMemory()) {
            leaKnown[opcode == 0x31 ? decoder.modrmRm() & 15 : reg] = false;
          } else {
            leaKnown[reg] = false;
          }
        }
        case 0x01, 0x29, 0x21, 0x09, 0xc7 -> {
          if (!decoder.hasMemory()) {
            leaKnown[decoder.modrmRm() & 15] = false;
          }
        }
        case 0x83, 0x81, 0x80 -> {
          if ((reg & 7) == 7) {
            processorText |= ProcessorText.in(decoder.immediate());
            compareLimit = decoder.immediate();
            compareAge = 0;
          } else if (!decoder.hasMemory() && opcode != 0x80) {
            leaKnown[decoder.modrmRm() & 15] = false;
          }
        }
        case 0x3c, 0x3d -> {
          processorText |= ProcessorText.in(decoder.immediate());
          compareLimit = decoder.immediate();
          compareAge = 0;
        }
        default -> {
          if (opcode >= 0xb8 && opcode <= 0xbf || opcode >= 0x58 && opcode <= 0x5f) {
            processorText |= ProcessorText.in(decoder.immediate());
            leaKnown[decoder.opcodeRegister()] = false;
          } else if (decoder.hasModrm() && !isComparison(opcode)) {
            leaKnown[reg] &= isGroup(opcode);
            if (!decoder.hasMemory()) {
              leaKnown[decoder.modrmRm() & 15] = false;
            }
          }
        }
      }
    }

    private static final int CPUID = 0xa2;

    /** CMP and TEST. */
    private static boolean isComparison(int opcode) {
      return opcode >= 0x38 && opcode <= 0x3b || opcode == 0x84 || opcode == 0x85;
    }

    /** One-byte opcodes whose ModRM's reg field is a part of the opcode. */
    private static boolean isGroup(int opcode) {
      return switch (opcode) {
        case 0x8f, 0xc0, 0xc1, 0xc6, 0xd0, 0xd1, 0xd2, 0xd3, 0xf6, 0xf7, 0xfe, 0xff -> true;
        default -> false;
      };
    }

    /** CMOVcc, IMUL, MOVZX, MOVSX, BSF, BSR and those below: 0F opcodes that write registers. */
    private static boolean mayWriteGeneral(int opcode) {
      return switch (opcode) {
        case 0xaf, 0xb6, 0xb7, 0xb8, 0xbc, 0xbd, 0xbe, 0xbf -> true;
        default -> opcode >= 0x40 && opcode <= 0x4f || mayWriteOperand(opcode);
      };
    }

    /** SHLD, SHRD, CMPXCHG, XADD and BTS to BTC, which write the operand of ModRM's r/m. */
    private static boolean mayWriteOperand(int opcode) {
      return switch (opcode) {
        case 0xa4, 0xa5, 0xab, 0xac, 0xad, 0xb0, 0xb1, 0xb3, 0xba, 0xbb, 0xc0, 0xc1 -> true;
        default -> false;
      };
    }

    /** A call destroys the registers that its convention does not save. */
    private void forgetAtCall() {
      for (int register = 0; register < 16; register++) {
        boolean isSaved = register == 3 || register == 5 || register >= 12;
        if (!isSaved) {
          leaKnown[register] = false;
        }
      }
    }

    private int append(long at, int size, boolean leader) {
      if (count == address.length) {
        int room = count * 2;
        address = Arrays.copyOf(address, room);
        length = Arrays.copyOf(length, room);
        flow = Arrays.copyOf(flow, room);
        term = Arrays.copyOf(term, room);
        target = Arrays.copyOf(target, room);
        isLeader = Arrays.copyOf(isLeader, room);
      }
      address[count] = at;
      length[count] = (byte) size;
      isLeader[count] = leader;
      index.put(at, count);
      return count++;
    }

    private int decodeAt(long at) {
      long offset = at - windowStart;
      if (offset < 0 || offset + 15 > windowSize) {
        int code = rangeOf(at);
        if (code < 0) {
          return 0;
        }
        long end = rangeEnd[code];
        long start = at;
        long wanted = 512;
        if (at >= low && at < high && high - low <= 1 << 16) {
          start = Math.max(low, rangeStart[code]);
          wanted = high - start + 15;
        }
        int size = (int) Math.min(wanted, end - start);
        long fileOffset = rangeOffset[code] + (start - rangeStart[code]);
        if (!bytes.has(fileOffset, size)) {
          return 0;
        }
        boolean isLoaded = start == windowStart && size == windowSize;
        if (!isLoaded) {
          if (window.length < size) {
            window = new byte[Math.max(size, 1024)];
          }
          bytes.read(fileOffset, window, 0, size);
          windowStart = start;
          windowSize = size;
        }
        offset = at - windowStart;
      }
      return decoder.decode(window, (int) offset, windowSize, at);
    }

    /** Turns the instructions into numbered blocks of events. */
    private final class GraphBuilding {
      private int blocks;
      private int[] blockFirst = new int[16];
      private final int[] blockOfInstruction = new int[count];
      private int[] next = new int[16];
      private int[][] successorsOf = new int[16][];

      FunctionGraph build() {
        Arrays.fill(blockOfInstruction, -1);
        for (int i = 0; i < count; i++) {
          if (isLeader[i]) {
            if (blocks == blockFirst.length) {
              blockFirst = Arrays.copyOf(blockFirst, blocks * 2);
              next = Arrays.copyOf(next, blocks * 2);
              successorsOf = Arrays.copyOf(successorsOf, blocks * 2);
            }
            blockFirst[blocks] = i;
            blockOfInstruction[i] = blocks++;
          }
        }
        var last = new int[blocks];
        for (int b = 0; b < blocks; b++) {
          last[b] = lastOf(blockFirst[b]);
          successorsOf[b] = successors(last[b]);
        }
        int[] order =
            FunctionGraph.reversePostorder(Arrays.copyOf(successorsOf, blocks), blockAt(entry));
        return pack(order, last);
      }

      /** The last instruction of the block that begins with one. */
      private int lastOf(int first) {
        int at = first;
        while (true) {
          if (ends(flow[at])) {
            return at;
          }
          int following = index.get(address[at] + length[at]);
          if (following < 0 || isLeader[following]) {
            return at;
          }
          at = following;
        }
      }

      private int[] successors(int at) {
        return switch (flow[at]) {
          case FLOW_BRANCH -> {
            int through = blockAt(address[at] + length[at]);
            int taken = blockAt(target[at]);
            yield taken < 0 || taken == through
                ? single(through)
                : through < 0 ? single(taken) : new int[] {through, taken};
          }
          case FLOW_JUMP -> single(blockAt(target[at]));
          case FLOW_SWITCH -> {
            int first = (int) target[at];
            var out = new int[(int) tableTargets[first]];
            int size = 0;
            for (int i = 0; i < out.length; i++) {
              int block = blockAt(tableTargets[first + 1 + i]);
              if (block >= 0) {
                out[size++] = block;
              }
            }
            yield Arrays.copyOf(out, size);
          }
          case FLOW_NEXT, FLOW_CALL, FLOW_CALL_SLOT, FLOW_CALL_UNKNOWN ->
              single(blockAt(address[at] + length[at]));
          default -> NO_BLOCKS;
        };
      }

      private int[] single(int block) {
        return block < 0 ? NO_BLOCKS : new int[] {block};
      }

      private int blockAt(long at) {
        int instruction = index.get(at);
        return instruction < 0 ? -1 : blockOfInstruction[instruction];
      }

      private FunctionGraph pack(int[] order, int[] last) {
        var number = new int[blocks];
        Arrays.fill(number, -1);
        for (int i = 0; i < order.length; i++) {
          number[order[i]] = i;
        }
        var blockStart = new long[order.length];
        var blockLength = new int[order.length];
        var firstEvent = new int[order.length + 1];
        var firstSuccessor = new int[order.length + 1];
        var events = new Events(entry);
        var successors = new int[16];
        int successorCount = 0;
        for (int i = 0; i < order.length; i++) {
          int block = order[i];
          int end = last[block];
          blockStart[i] = address[blockFirst[block]];
          blockLength[i] = (int) (address[end] + length[end] - blockStart[i]);
          firstEvent[i] = events.size;
          firstSuccessor[i] = successorCount;
          emit(block, last[block], events);
          for (int s : successorsOf[block]) {
            if (successorCount == successors.length) {
              successors = Arrays.copyOf(successors, successorCount * 2);
            }
            successors[successorCount++] = number[s];
          }
        }
        firstEvent[order.length] = events.size;
        firstSuccessor[order.length] = successorCount;
        return new FunctionGraph(
            entry,
            blockStart,
            blockLength,
            firstEvent,
            firstSuccessor,
            Arrays.copyOf(successors, successorCount),
            Arrays.copyOf(events.kinds, events.size),
            Arrays.copyOf(events.values, events.size),
            Arrays.copyOf(events.distances, events.size),
            processorText == ProcessorText.BOTH,
            asksProcessor,
            decodedBytes,
            null);
      }

      private void emit(int block, int last, Events events) {
        int at = blockFirst[block];
        int blockStart = events.size;
        while (true) {
          if (term[at] != 0 && !events.hasNeed(blockStart, term[at])) {
            events.add(FunctionGraph.NEED, term[at], address[at]);
          }
          switch (flow[at]) {
            case FLOW_CALL -> events.add(FunctionGraph.CALL, target[at], address[at]);
            case FLOW_CALL_SLOT -> events.add(FunctionGraph.CALL_SLOT, target[at], address[at]);
            case FLOW_CALL_UNKNOWN -> events.add(FunctionGraph.CALL_UNKNOWN, 0, address[at]);
            case FLOW_LEAVE -> events.add(FunctionGraph.JUMP, target[at], target[at]);
            case FLOW_LEAVE_SLOT -> events.add(FunctionGraph.JUMP_SLOT, target[at], address[at]);
            case FLOW_LEAVE_UNKNOWN -> events.add(FunctionGraph.JUMP_UNKNOWN, 0, address[at]);
            case FLOW_RETURN -> events.add(FunctionGraph.RETURN, 0, address[at]);
            case FLOW_TRAP -> events.add(FunctionGraph.TRAP, 0, address[at]);
            case FLOW_UNDECODABLE -> events.add(FunctionGraph.UNDECODABLE, 0, address[at]);
            default -> {}
          }
          if (at == last) {
            return;
          }
          at = index.get(address[at] + length[at]);
        }
      }
    }
  }

  /** Growing event arrays. */
  private static final class Events {
    private byte[] kinds = new byte[16];
    private long[] values = new long[16];
    private int[] distances = new int[16];
    private final long entry;
    private int size;

    Events(long entry) {
      this.entry = entry;
    }

    void add(int kind, long value, long address) {
      if (size == kinds.length) {
        kinds = Arrays.copyOf(kinds, size * 2);
        values = Arrays.copyOf(values, size * 2);
        distances = Arrays.copyOf(distances, size * 2);
      }
      kinds[size] = (byte) kind;
      values[size] = value;
      distances[size++] = (int) (address - entry);
    }

    /** Whether a need was met in this block already, with no call between. */
    boolean hasNeed(int from, int term) {
      for (int i = size - 1; i >= from; i--) {
        if (kinds[i] == FunctionGraph.NEED && values[i] == term) {
          return true;
        }
      }
      return false;
    }
  }

  private static final long[] NO_TARGETS = {};
  private static final int[] NO_BLOCKS = {};

  private static final byte FLOW_NEXT = 0;
  private static final byte FLOW_BRANCH = 1;
  private static final byte FLOW_JUMP = 2;
  private static final byte FLOW_CALL = 3;
  private static final byte FLOW_CALL_SLOT = 4;
  private static final byte FLOW_CALL_UNKNOWN = 5;
  private static final byte FLOW_SWITCH = 6;
  private static final byte FLOW_RETURN = 7;
  private static final byte FLOW_TRAP = 8;
  private static final byte FLOW_UNDECODABLE = 9;
  private static final byte FLOW_LEAVE = 10;
  private static final byte FLOW_LEAVE_SLOT = 11;
  private static final byte FLOW_LEAVE_UNKNOWN = 12;

  private static boolean ends(byte flow) {
    return switch (flow) {
      case FLOW_NEXT, FLOW_CALL, FLOW_CALL_SLOT, FLOW_CALL_UNKNOWN -> false;
      default -> true;
    };
  }

  /** A hash map from addresses to non-negative numbers, by open addressing. */
  private static final class AddressMap {
    private long[] keys = new long[128];
    private int[] values = new int[128];
    private int size;

    AddressMap() {
      Arrays.fill(values, -1);
    }

    int get(long key) {
      int mask = keys.length - 1;
      int at = slotOf(key) & mask;
      while (values[at] >= 0) {
        if (keys[at] == key) {
          return values[at];
        }
        at = (at + 1) & mask;
      }
      return -1;
    }

    void put(long key, int value) {
      if (size * 2 >= keys.length) {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldKeys.length * 2];
        Arrays.fill(values, -1);
        for (int i = 0; i < oldKeys.length; i++) {
          if (oldValues[i] >= 0) {
            insert(oldKeys[i], oldValues[i]);
          }
        }
      }
      insert(key, value);
      size++;
    }

    private void insert(long key, int value) {
      int mask = keys.length - 1;
      int at = slotOf(key) & mask;
      while (values[at] >= 0 && keys[at] != key) {
        at = (at + 1) & mask;
      }
      keys[at] = key;
      values[at] = value;
    }

    private static int slotOf(long key) {
      long mixed = key * 0x9e37_79b9_7f4a_7c15L;
      return (int) (mixed >>> 40);
    }
  }
}
