package dev.sigill.isa.x86;

import dev.sigill.isa.x86.X86Tables.Cold;
import dev.sigill.isa.x86.X86Tables.Hot;
import java.util.Arrays;

/**
 * Decodes x86-64 instructions, one at a time, into its own fields: nothing is allocated. {@link
 * #decode} finds length, flow and feature term; everything else is computed when it is asked for,
 * and describes the instruction decoded last. The bytes given to {@link #decode} must not change
 * until then. Not for use by several threads.
 *
 * <p>Only 64-bit mode is known. What that mode makes invalid is invalid here, including prefixes
 * and register numbers that make an encoding fault whatever the processor. Where vendors differ,
 * Intel's reading is taken: an operand-size prefix does not shorten a near branch's displacement.
 *
 * <p>General-purpose registers are numbered as encoded: 0 to 15 are rax, rcx, rdx, rbx, rsp, rbp,
 * rsi, rdi, r8 to r15; 16 to 31 are those of APX.
 *
 * <p>Sources: Intel SDM volume 2, chapter 2; AMD APM volume 3, chapter 1; Intel APX architecture
 * specification 355828, chapter 3. The instructions are those of {@code core/src/main/tables/x86}.
 */
public final class X86Decoder {
  /** Control goes on to the next instruction. */
  public static final int FLOW_NEXT = 0;

  /** A conditional branch: to {@link #target()} or on. LOOP, JRCXZ and XBEGIN are such. */
  public static final int FLOW_BRANCH = 1;

  /** A jump to {@link #target()}. */
  public static final int FLOW_JUMP = 2;

  /** A jump through a register or memory. */
  public static final int FLOW_JUMP_INDIRECT = 3;

  /** A call of {@link #target()}. */
  public static final int FLOW_CALL = 4;

  /** A call through a register or memory. */
  public static final int FLOW_CALL_INDIRECT = 5;

  /** A return, from a function or an interrupt. */
  public static final int FLOW_RETURN = 6;

  /** An instruction that raises an exception: UD0 to UD2, INT1, INT3, HLT, {@code int 0x29}. */
  public static final int FLOW_TRAP = 7;

  /** The encoding without VEX and its kin. */
  public static final int LEGACY = 0;

  /** Two- and three-byte VEX. */
  public static final int VEX = 1;

  /** EVEX, that of APX included. */
  public static final int EVEX = 2;

  /** AMD's XOP. */
  public static final int XOP = 3;

  /** Legacy with APX's REX2 prefix. */
  public static final int REX2 = 4;

  /** A general-purpose register. */
  public static final int KIND_GPR = X86Forms.GPR;

  /** An XMM, YMM or ZMM register. */
  public static final int KIND_VECTOR = X86Forms.VECTOR;

  /** A mask register of AVX-512. */
  public static final int KIND_MASK = X86Forms.MASK;

  /** Two mask registers, the even one and the next. */
  public static final int KIND_MASK_PAIR = X86Forms.MASK_PAIR;

  /** An MMX register. */
  public static final int KIND_MMX = X86Forms.MMX;

  /** A tile of AMX. */
  public static final int KIND_TILE = X86Forms.TILE;

  /** A segment register. */
  public static final int KIND_SEGMENT = X86Forms.SEGMENT;

  /** A control register. */
  public static final int KIND_CONTROL = X86Forms.CONTROL;

  /** A debug register. */
  public static final int KIND_DEBUG = X86Forms.DEBUG;

  /** A register of the x87 stack. */
  public static final int KIND_X87 = X86Forms.X87;

  /** A number. */
  public static final int KIND_IMMEDIATE = X86Forms.IMMEDIATE;

  /** A branch's target. */
  public static final int KIND_RELATIVE = X86Forms.RELATIVE;

  /** Memory. */
  public static final int KIND_MEMORY = X86Forms.MEMORY;

  /** The operand's old value is used. */
  public static final int READ = X86Forms.READ;

  /** The operand gets a new value. */
  public static final int WRITE = X86Forms.WRITE;

  /** What {@link #decode} returns for bytes that are no instruction. */
  public static final int INVALID = 0;

  /** What {@link #decode} returns where more bytes than there are would be needed to tell. */
  public static final int TRUNCATED = -1;

  /** The longest instruction, in bytes. */
  public static final int MOST_BYTES = 15;

  private static final int PREFIX_66 = 1;
  private static final int PREFIX_F3 = 1 << 1;
  private static final int PREFIX_F2 = 1 << 2;
  private static final int PREFIX_LOCK = 1 << 3;
  private static final int PREFIX_67 = 1 << 4;

  /** The segment override's register and one, in three bits. */
  private static final int PREFIX_SEGMENT_SHIFT = 5;

  // Bits of ext: register extensions, then the fields of VEX and EVEX.
  private static final int EXT_B = 1;
  private static final int EXT_X = 1 << 1;
  private static final int EXT_R = 1 << 2;
  private static final int EXT_W = 1 << 3;
  private static final int EXT_B4 = 1 << 4;
  private static final int EXT_X4 = 1 << 5;
  private static final int EXT_R4 = 1 << 6;
  private static final int EXT_REX = 1 << 7;
  private static final int EXT_VVVV_SHIFT = 8;
  private static final int EXT_LENGTH_SHIFT = 13;
  private static final int EXT_BROADCAST = 1 << 15;
  private static final int EXT_ZEROING = 1 << 16;
  private static final int EXT_MASK_SHIFT = 17;
  private static final int EXT_PP_SHIFT = 20;
  private static final int EXT_ENCODING_SHIFT = 22;
  private static final int EXT_APX = 1 << 25;

  private static final int ROUNDING =
      X86Forms.CHECK_ROUNDING | X86Forms.CHECK_SAE | X86Forms.CHECK_IGNORED_ROUNDING;

  private static final int RARE = 1 << 26;
  private static final int MOST_OPERANDS = 5;

  private static final int[] CELLS = Hot.CELLS;
  private static final int[] SHAPE = Hot.SHAPE;
  private static final int[] CHECK = Hot.CHECK;

  /** Bytes from ModRM on without the immediate, but for a SIB byte that has no base. */
  private static final byte[] MODRM_BYTES = new byte[256];

  /** What a byte is at the start of an instruction. */
  private static final byte[] LEAD = new byte[256];

  private static final int LEAD_OPCODE = 0;
  private static final int LEAD_REX = 1;
  private static final int LEAD_PREFIX = 2;

  static {
    for (int modrm = 0; modrm < 256; modrm++) {
      int mod = modrm >> 6;
      int rm = modrm & 7;
      int bytes = 1;
      if (mod != 3) {
        bytes += rm == 4 ? 1 : 0;
        bytes += mod == 1 ? 1 : mod == 2 || rm == 5 ? 4 : 0;
      }
      MODRM_BYTES[modrm] = (byte) bytes;
    }
    for (int b = 0x40; b < 0x50; b++) {
      LEAD[b] = LEAD_REX;
    }
    for (int b : new int[] {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3}) {
      LEAD[b] = LEAD_PREFIX;
    }
  }

  /** Loaded when the first mnemonic is asked for. */
  private static final class Mnemonics {
    static final String[] OF = X86Tables.lines(X86Tables.Text.MNEMONICS);

    private Mnemonics() {}
  }

  private final byte[] tail = new byte[32];

  private byte[] code = tail;
  private int start;
  private int length;
  private long address;
  private int form;
  private int shape;
  private int modrm;
  private int modrmAt;
  private int page;
  private int ext;
  private int prefixes;

  /** Where the bytes end that showed an encoding to be invalid. */
  private int examinedEnd;

  /**
   * Decodes the instruction at an index.
   *
   * @param code holds the bytes
   * @param at index of the first byte
   * @param limit index after the last byte that may be read, at most the array's length
   * @param virtualAddress where the first byte will be at run time
   * @return the instruction's length in bytes, 1 to 15; {@link #INVALID} for bytes that are no
   *     instruction; {@link #TRUNCATED} where the bytes end too early to tell
   */
  public int decode(byte[] code, int at, int limit, long virtualAddress) {
    if (limit - at < 24) {
      return decodeNearEnd(code, at, limit, virtualAddress);
    }
    int p = at;
    int b = code[p] & 0xff;
    int isRex = ((b & 0xf0 ^ 0x40) - 1) >>> 31;
    int rex = b & 0xf & -isRex;
    p += isRex;
    b = code[p] & 0xff;
    int isEscape = ((b ^ 0x0f) - 1) >>> 31;
    p += isEscape;
    b = code[p] & 0xff;
    int m = code[p + 1] & 0xff;
    int cell = CELLS[isEscape << 8 | b];
    if (cell < 0) {
      int selector = m | (m + 0x40 & 0x100) | (rex & EXT_W) << 10 | (rex & EXT_B) << 14;
      do {
        cell = CELLS[(cell >>> 7 & 0xffffff) + (selector >>> (cell >>> 3 & 15) & cell & 7)];
      } while (cell < 0);
    }
    int s = SHAPE[cell];
    if (cell == 0 || (s & RARE) != 0) {
      return decodeAny(code, at, virtualAddress);
    }
    int hasModrm = s >>> 12 & 1;
    int size = p + 1 - at + (MODRM_BYTES[m] & -hasModrm);
    if ((m & 0xc7) == 4 && hasModrm != 0 && (code[p + 2] & 7) == 5) {
      size += 4;
    }
    size += s >>> 4 + ((rex & EXT_W) >>> 1) & 15;
    this.code = code;
    this.start = at;
    this.address = virtualAddress;
    this.form = cell;
    this.shape = s;
    this.modrm = m;
    this.modrmAt = p + 1;
    this.page = isEscape;
    this.ext = rex | isRex << 7;
    this.prefixes = 0;
    this.length = size;
    return size;
  }

  private int decodeNearEnd(byte[] code, int at, int limit, long virtualAddress) {
    int room = Math.max(0, Math.min(limit - at, 24));
    System.arraycopy(code, at, tail, 0, room);
    Arrays.fill(tail, room, tail.length, (byte) 0);
    int size = decodeAny(tail, 0, virtualAddress);
    if (size > room || size == INVALID && examinedEnd > room) {
      return TRUNCATED;
    }
    return size;
  }

  private int invalid(int end) {
    examinedEnd = end;
    form = 0;
    shape = 0;
    length = 0;
    return INVALID;
  }

  /** Decodes any encoding; at least 24 bytes are there. */
  private int decodeAny(byte[] code, int at, long virtualAddress) {
    this.code = code;
    this.start = at;
    this.address = virtualAddress;
    int p = at;
    int found = 0;
    int rex = 0;
    int b = code[p] & 0xff;
    int lead;
    while ((lead = LEAD[b]) != LEAD_OPCODE) {
      if (lead == LEAD_REX) {
        rex = b & 0xf | EXT_REX;
      } else {
        rex = 0;
        switch (b) {
          case 0x66 -> found |= PREFIX_66;
          case 0xf2 -> found = found & ~PREFIX_F3 | PREFIX_F2;
          case 0xf3 -> found = found & ~PREFIX_F2 | PREFIX_F3;
          case 0xf0 -> found |= PREFIX_LOCK;
          case 0x67 -> found |= PREFIX_67;
          default -> {
            int segment =
                switch (b) {
                  case 0x26 -> 1;
                  case 0x2e -> 2;
                  case 0x36 -> 3;
                  case 0x3e -> 4;
                  case 0x64 -> 5;
                  default -> 6;
                };
            // ES, CS, SS and DS are ignored in 64-bit mode, unless nothing else is there to show.
            int known = found >>> PREFIX_SEGMENT_SHIFT & 7;
            if (segment >= 5 || known < 5) {
              found = found & ~(7 << PREFIX_SEGMENT_SHIFT) | segment << PREFIX_SEGMENT_SHIFT;
            }
          }
        }
      }
      if (++p - at >= MOST_BYTES) {
        return invalid(p);
      }
      b = code[p] & 0xff;
    }
    prefixes = found;
    int pp =
        (found & (PREFIX_F3 | PREFIX_F2)) != 0
            ? (found & PREFIX_F3) != 0 ? 2 : 3
            : found & PREFIX_66;
    switch (b) {
      case 0x0f -> {
        b = code[++p] & 0xff;
        if (b == 0x38 || b == 0x3a) {
          return finish(p + 1, b == 0x38 ? 2 : 3, rex | pp << EXT_PP_SHIFT);
        }
        if (b == 0x0f) {
          return finish3dNow(p, rex | pp << EXT_PP_SHIFT);
        }
        return finish(p, 1, rex | pp << EXT_PP_SHIFT);
      }
      case 0xc5 -> {
        int p1 = code[p + 1];
        return finishVex(
            p + 2,
            X86Forms.PAGE_VEX + 1,
            (~p1 >>> 5 & EXT_R)
                | (~p1 >>> 3 & 15) << EXT_VVVV_SHIFT
                | (p1 >>> 2 & 1) << EXT_LENGTH_SHIFT
                | (p1 & 3) << EXT_PP_SHIFT
                | VEX << EXT_ENCODING_SHIFT,
            rex);
      }
      case 0xc4 -> {
        int p1 = code[p + 1];
        int p2 = code[p + 2];
        int map = p1 & 0x1f;
        if (map == 0 || map > 7) {
          return invalid(p + 2);
        }
        return finishVex(
            p + 3,
            X86Forms.PAGE_VEX + map,
            (~p1 >>> 5 & 7)
                | (p2 >>> 4 & EXT_W)
                | (~p2 >>> 3 & 15) << EXT_VVVV_SHIFT
                | (p2 >>> 2 & 1) << EXT_LENGTH_SHIFT
                | (p2 & 3) << EXT_PP_SHIFT
                | VEX << EXT_ENCODING_SHIFT,
            rex);
      }
      case 0x8f -> {
        int p1 = code[p + 1];
        int map = p1 & 0x1f;
        if (map < 8) {
          return finish(p, 0, rex | pp << EXT_PP_SHIFT);
        }
        if (map > 10) {
          return invalid(p + 2);
        }
        int p2 = code[p + 2];
        return finishVex(
            p + 3,
            X86Forms.PAGE_XOP + map - 8,
            (~p1 >>> 5 & 7)
                | (p2 >>> 4 & EXT_W)
                | (~p2 >>> 3 & 15) << EXT_VVVV_SHIFT
                | (p2 >>> 2 & 1) << EXT_LENGTH_SHIFT
                | (p2 & 3) << EXT_PP_SHIFT
                | XOP << EXT_ENCODING_SHIFT,
            rex);
      }
      case 0x62 -> {
        return finishEvex(p, rex);
      }
      case 0xd5 -> {
        return finishRex2(p, rex, pp);
      }
      default -> {
        return finish(p, 0, rex | pp << EXT_PP_SHIFT);
      }
    }
  }

  /** Walks a decision tree; 0 where no instruction has this encoding. */
  private static int select(int page, int opcode, int m, int ext) {
    int cell = CELLS[page << 8 | opcode];
    int selector =
        m
            | (m + 0x40 & 0x100)
            | (ext >>> EXT_PP_SHIFT & 3) << 9
            | (ext >>> EXT_LENGTH_SHIFT & 3) << 11
            | (ext & EXT_W) << 10
            | (ext & EXT_B) << 14;
    while (cell < 0) {
      cell = CELLS[(cell >>> 7 & 0xffffff) + (selector >>> (cell >>> 3 & 15) & cell & 7)];
    }
    return cell;
  }

  /** The legacy encodings, from the opcode's last byte on. */
  private int finish(int p, int page, int ext) {
    int opcode = code[p] & 0xff;
    int m = code[p + 1] & 0xff;
    int cell = select(page, opcode, m, ext);
    if (cell == 0) {
      return invalid(CELLS[page << 8 | opcode] == 0 ? p + 1 : p + 2);
    }
    if ((prefixes & PREFIX_LOCK) != 0
        && ((CHECK[cell] & X86Forms.CHECK_LOCK) == 0
            || (SHAPE[cell] & 1 << 12) == 0
            || m >= 0xc0)) {
      return invalid(p + 2);
    }
    return measure(p, page, ext, cell, m);
  }

  /** Sets the fields and computes the length. */
  private int measure(int p, int page, int ext, int cell, int m) {
    int s = SHAPE[cell];
    this.form = cell;
    this.shape = s;
    this.modrm = m;
    this.modrmAt = p + 1;
    this.page = page;
    this.ext = ext;
    int size = p + 1 - start;
    boolean isAnyMod = false;
    if ((s & RARE) != 0) {
      int check = CHECK[cell];
      isAnyMod = (check & X86Forms.CHECK_ANY_MOD) != 0;
      if (isAnyMod) {
        int register = m >>> 3 & 7 | (ext & EXT_R) << 1 | (ext & EXT_R4) >>> 2;
        boolean isControl = (code[p] & 1) == 0;
        if (isControl ? (0b1_0001_1101 >>> register & 1) == 0 || register > 8 : register > 7) {
          return invalid(p + 2);
        }
        this.modrm = m | 0xc0;
        size++;
      } else if ((check & X86Forms.CHECK_NO_66) != 0) {
        if ((prefixes & PREFIX_66) != 0) {
          return invalid(p + 2);
        }
      } else if (page == 0 && (prefixes & PREFIX_67) != 0) {
        // A direct memory offset has the address size.
        size -= 4;
      }
    }
    if ((s & 1 << 12) != 0 && !isAnyMod) {
      size += MODRM_BYTES[m];
      if ((m & 0xc7) == 4 && (code[p + 2] & 7) == 5) {
        size += 4;
      }
    }
    int width = (ext & EXT_W) != 0 ? 8 : is16Bit(ext) ? 0 : 4;
    size += s >>> width & 15;
    if (size > MOST_BYTES) {
      return invalid(start + MOST_BYTES);
    }
    this.length = size;
    return size;
  }

  private boolean is16Bit(int ext) {
    int encoding = ext >>> EXT_ENCODING_SHIFT & 7;
    return encoding == LEGACY || encoding == REX2
        ? (prefixes & PREFIX_66) != 0
        : (ext >>> EXT_PP_SHIFT & 3) == 1;
  }

  private int finish3dNow(int p, int ext) {
    int m = code[p + 1] & 0xff;
    int size = MODRM_BYTES[m];
    if ((m & 0xc7) == 4 && (code[p + 2] & 7) == 5) {
      size += 4;
    }
    int suffixAt = p + 1 + size;
    if (suffixAt + 1 - start > MOST_BYTES) {
      return invalid(start + MOST_BYTES);
    }
    int cell = select(X86Forms.PAGE_3DNOW, code[suffixAt] & 0xff, m, ext);
    if (cell == 0 || (prefixes & PREFIX_LOCK) != 0) {
      return invalid(suffixAt + 1);
    }
    return measure(p, X86Forms.PAGE_3DNOW, ext, cell, m);
  }

  private int finishVex(int p, int page, int ext, int rex) {
    int opcode = code[p] & 0xff;
    if (rex != 0
        || (prefixes & (PREFIX_66 | PREFIX_F2 | PREFIX_F3 | PREFIX_LOCK)) != 0
        || CELLS[page << 8 | opcode] == 0) {
      return invalid(p + 1);
    }
    int m = code[p + 1] & 0xff;
    int cell = select(page, opcode, m, ext);
    int check = CHECK[cell];
    if (cell == 0
        || (check & X86Forms.CHECK_NO_VVVV) != 0 && (ext >>> EXT_VVVV_SHIFT & 15) != 0
        || (check & (X86Forms.CHECK_VSIB | X86Forms.CHECK_SIB)) != 0 && (m & 7) != 4
        || (check & X86Forms.CHECK_REG_MASK) != 0 && (ext & EXT_R) != 0
        || (check & X86Forms.CHECK_VVVV_MASK) != 0 && (ext >>> EXT_VVVV_SHIFT & 8) != 0) {
      return invalid(p + 2);
    }
    if ((check & X86Forms.CHECK_TILES) != 0) {
      int target = m >>> 3 & 7;
      int first = m & 7;
      int second = ext >>> EXT_VVVV_SHIFT & 15;
      if ((ext & (EXT_R | EXT_B)) != 0
          || second > 7
          || target == first
          || target == second
          || first == second) {
        return invalid(p + 2);
      }
    }
    if ((check & X86Forms.CHECK_GATHER) != 0) {
      int target = m >>> 3 & 7 | (ext & EXT_R) << 1;
      int index = code[p + 2] >>> 3 & 7 | (ext & EXT_X) << 2;
      int mask = ext >>> EXT_VVVV_SHIFT & 15;
      if (target == index || target == mask || index == mask) {
        return invalid(p + 3);
      }
    }
    return measure(p, page, ext, cell, m);
  }

  private int finishEvex(int p, int rex) {
    int p0 = code[p + 1];
    int p1 = code[p + 2];
    int p2 = code[p + 3];
    int map = p0 & 7;
    if (rex != 0
        || (prefixes & (PREFIX_66 | PREFIX_F2 | PREFIX_F3 | PREFIX_LOCK)) != 0
        || map == 0) {
      return invalid(p + 2);
    }
    int opcode = code[p + 4] & 0xff;
    int page = X86Forms.PAGE_EVEX + map;
    if (CELLS[page << 8 | opcode] == 0) {
      return invalid(p + 5);
    }
    int m = code[p + 5] & 0xff;
    boolean isRegister = m >= 0xc0;
    int e =
        (~p0 >>> 5 & 7)
            | (p1 >>> 4 & EXT_W)
            | (p0 & 8) << 1
            | (~p1 & 4) << 3
            | (~p0 & 0x10) << 2
            | (~p1 >>> 3 & 15) << EXT_VVVV_SHIFT
            | (~p2 & 8) << EXT_VVVV_SHIFT + 1
            | (p2 >>> 5 & 3) << EXT_LENGTH_SHIFT
            | (p2 >>> 4 & 1) << 15
            | (p2 >>> 7 & 1) << 16
            | (p2 & 7) << EXT_MASK_SHIFT
            | (p1 & 3) << EXT_PP_SHIFT
            | EVEX << EXT_ENCODING_SHIFT;
    int selecting = e;
    if ((e & EXT_BROADCAST) != 0 && isRegister && map != 4) {
      // Rounding control takes the place of the vector length, which is then 512 bits.
      selecting = e & ~(3 << EXT_LENGTH_SHIFT) | 2 << EXT_LENGTH_SHIFT;
    }
    int cell = select(page, opcode, m, selecting);
    int end = p + 6;
    if (cell == 0) {
      return invalid(end);
    }
    int check = CHECK[cell];
    int vvvv = e >>> EXT_VVVV_SHIFT & 31;
    int mask = e >>> EXT_MASK_SHIFT & 7;
    boolean hasVsib = (check & X86Forms.CHECK_VSIB) != 0;
    boolean mayHaveNewTarget = (check & (X86Forms.CHECK_ND | X86Forms.CHECK_CFCMOV)) != 0;
    boolean isVvvvFree =
        mayHaveNewTarget
            ? (e & EXT_BROADCAST) == 0
            : (check & X86Forms.CHECK_NO_VVVV) != 0 && (check & X86Forms.CHECK_SCC) == 0;
    if (isVvvvFree && (hasVsib ? vvvv & 15 : vvvv) != 0) {
      return invalid(end);
    }
    if ((hasVsib || (check & X86Forms.CHECK_SIB) != 0) && (m & 7) != 4
        || (check & X86Forms.CHECK_REG_MASK) != 0 && (e & (EXT_R | EXT_R4)) != 0
        || (check & X86Forms.CHECK_VVVV_MASK) != 0 && vvvv > 7
        || isRegister && (e & EXT_X4) != 0) {
      return invalid(end);
    }
    if (!isEvexTailValid(e, check, mask, isRegister)) {
      return invalid(end);
    }
    if ((check & X86Forms.CHECK_GATHER) != 0) {
      int target = m >>> 3 & 7 | (e & EXT_R) << 1 | (e & EXT_R4) >>> 2;
      int index = code[p + 6] >>> 3 & 7 | (e & EXT_X) << 2 | vvvv & 16;
      if (target == index) {
        return invalid(end + 1);
      }
    }
    if ((check & X86Forms.CHECK_DISTINCT) != 0) {
      int target = m >>> 3 & 7 | (e & EXT_R) << 1 | (e & EXT_R4) >>> 2;
      int source = m & 7 | (e & EXT_B) << 3 | (e & EXT_X) << 3;
      if (target == vvvv || isRegister && target == source) {
        return invalid(end);
      }
    }
    boolean isApx =
        (e & EXT_B4) != 0
            || (e & EXT_X4) != 0
            || (check & X86Forms.CHECK_REG_GPR) != 0 && (e & EXT_R4) != 0
            || (check & X86Forms.CHECK_VVVV_GPR) != 0 && (vvvv & 16) != 0;
    return measure(p + 4, page, isApx ? selecting | EXT_APX : selecting, cell, m);
  }

  /** Whether the last payload byte of EVEX says what the form allows. */
  private static boolean isEvexTailValid(int e, int check, int mask, boolean isRegister) {
    boolean isZeroing = (e & EXT_ZEROING) != 0;
    boolean hasB = (e & EXT_BROADCAST) != 0;
    if ((check & X86Forms.CHECK_SCC) != 0) {
      return !isZeroing && !hasB;
    }
    if ((check & (X86Forms.CHECK_NF | X86Forms.CHECK_CFCMOV)) != 0 && mask == 4) {
      mask = 0;
    }
    if ((check & X86Forms.CHECK_ND_NEEDED) != 0) {
      return !isZeroing && hasB && mask == 0;
    }
    if ((check & (X86Forms.CHECK_ND | X86Forms.CHECK_ZU | X86Forms.CHECK_CFCMOV)) != 0) {
      return !isZeroing && mask == 0;
    }
    if (mask != 0 && (check & X86Forms.CHECK_MASK) == 0
        || mask == 0 && (isZeroing || (check & X86Forms.CHECK_MASK_NEEDED) != 0)
        || isZeroing
            && ((check & X86Forms.CHECK_ZEROING) == 0
                || !isRegister && (check & X86Forms.CHECK_MEMORY_TARGET) != 0)) {
      return false;
    }
    if (hasB) {
      return isRegister ? (check & ROUNDING) != 0 : (check & X86Forms.CHECK_BROADCAST) != 0;
    }
    return true;
  }

  private int finishRex2(int p, int rex, int pp) {
    int payload = code[p + 1];
    int e =
        payload & 15
            | (payload & 0x70)
            | EXT_REX
            | EXT_APX
            | pp << EXT_PP_SHIFT
            | REX2 << EXT_ENCODING_SHIFT;
    int page = payload >>> 7 & 1;
    int opcode = code[p + 2] & 0xff;
    if (rex != 0) {
      return invalid(p + 1);
    }
    int row = opcode >>> 4;
    if (page == 0) {
      if (opcode == 0xa1 && (payload & EXT_W) == 0) {
        int cell = select(X86Forms.PAGE_REX2, opcode, 0, e);
        return (prefixes & (PREFIX_LOCK | PREFIX_66 | PREFIX_67 | PREFIX_F2 | PREFIX_F3)) != 0
            ? invalid(p + 3)
            : measure(p + 2, X86Forms.PAGE_REX2, e & ~EXT_W, cell, 0);
      }
      if (row == 4 || row == 7 || row == 10 || row == 14) {
        return invalid(p + 3);
      }
    } else if (row == 3 || row == 8) {
      return invalid(p + 3);
    }
    if (page == 0 && (opcode == 0x0f || opcode == 0x62 || opcode == 0xc4 || opcode == 0xc5)
        || LEAD[opcode] != LEAD_OPCODE && page == 0) {
      return invalid(p + 3);
    }
    return finish(p + 2, page, e);
  }

  /** The length of the instruction in bytes; 0 where it was invalid. */
  public int length() {
    return length;
  }

  /** The address given for the first byte. */
  public long address() {
    return address;
  }

  /**
   * What the instruction needs: a number for {@link X86Terms#term}; 0 for the base architecture,
   * which is x86-64-v1 of the psABI.
   */
  public int term() {
    int term = shape >>> 17 & 511;
    return (ext & EXT_APX) == 0 ? term : X86Terms.withApx(term);
  }

  /** Where control goes: one of the {@code FLOW_} constants. */
  public int flow() {
    int flow = shape >>> 13 & 15;
    // INT with Windows' number of a fast failure never comes back.
    if (flow == FLOW_NEXT && page == 0 && length >= 2 && opcode() == 0xcd && immediate() == 0x29) {
      return FLOW_TRAP;
    }
    return flow;
  }

  /** Where a direct jump, branch or call goes; 0 for other instructions. */
  public long target() {
    int flow = shape >>> 13 & 15;
    if (flow == FLOW_BRANCH || flow == FLOW_JUMP || flow == FLOW_CALL) {
      int bytes = immediateBytes();
      if (bytes == 8) {
        return readSigned(start + length - 8, 8);
      }
      return address + length + readSigned(start + length - bytes, bytes);
    }
    return 0;
  }

  private int immediateBytes() {
    int width = (ext & EXT_W) != 0 ? 8 : is16Bit(ext) ? 0 : 4;
    int bytes = shape >>> width & 15;
    return (shape & RARE) != 0 && page == 0 && bytes == 8 && (prefixes & PREFIX_67) != 0
        ? 4
        : bytes;
  }

  private long readSigned(int at, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | code[at + i] & 0xff;
    }
    int unused = 64 - 8 * bytes;
    return bytes == 0 ? 0 : value << unused >> unused;
  }

  /**
   * How it is encoded: {@link #LEGACY}, {@link #VEX}, {@link #EVEX}, {@link #XOP}, {@link #REX2}.
   */
  public int encoding() {
    return ext >>> EXT_ENCODING_SHIFT & 7;
  }

  /**
   * The opcode map: 0 one-byte, 1 0F, 2 0F38, 3 0F3A; 4 to 7 of EVEX and VEX; 8 to 10 of XOP. A
   * 3DNow! instruction is in map 1 with opcode 0F.
   */
  public int map() {
    return page < 8
        ? page
        : page < X86Forms.PAGE_XOP
            ? page & 7
            : page < X86Forms.PAGE_3DNOW
                ? page - X86Forms.PAGE_XOP + 8
                : page == X86Forms.PAGE_3DNOW ? 1 : 0;
  }

  /** The opcode's last byte. */
  public int opcode() {
    return code[modrmAt - 1] & 0xff;
  }

  /** The mandatory prefix or pp field: 0 none, 1 66, 2 F3, 3 F2. */
  public int mandatoryPrefix() {
    return ext >>> EXT_PP_SHIFT & 3;
  }

  /** Whether W is set, in REX, REX2, VEX, EVEX or XOP. */
  public boolean isWide() {
    return (ext & EXT_W) != 0;
  }

  /** Whether a 66 prefix is there. */
  public boolean hasOperandSizePrefix() {
    return (prefixes & PREFIX_66) != 0;
  }

  /** Whether a 67 prefix is there: addresses have 32 bits. */
  public boolean hasAddressSizePrefix() {
    return (prefixes & PREFIX_67) != 0;
  }

  /** Whether an F3 prefix is there. */
  public boolean hasRep() {
    return (prefixes & PREFIX_F3) != 0;
  }

  /** Whether an F2 prefix is there. */
  public boolean hasRepne() {
    return (prefixes & PREFIX_F2) != 0;
  }

  /** Whether a LOCK prefix is there. */
  public boolean hasLock() {
    return (prefixes & PREFIX_LOCK) != 0;
  }

  /** The segment override: 0 to 5 for es, cs, ss, ds, fs, gs; -1 without one. */
  public int segment() {
    return (prefixes >>> PREFIX_SEGMENT_SHIFT & 7) - 1;
  }

  /** The operand size in bytes: 1, 2, 4 or 8. Of vector instructions, see {@link #vectorLength}. */
  public int operandSize() {
    return switch (Cold.TRAITS[form] & X86Forms.MODE_MASK) {
      case X86Forms.MODE_1 -> 1;
      case X86Forms.MODE_2 -> 2;
      case X86Forms.MODE_4 -> 4;
      case X86Forms.MODE_8 -> 8;
      case X86Forms.MODE_STACK -> (ext & EXT_W) == 0 && is16Bit(ext) ? 2 : 8;
      case X86Forms.MODE_Y -> (ext & EXT_W) != 0 ? 8 : 4;
      default -> (ext & EXT_W) != 0 ? 8 : is16Bit(ext) ? 2 : 4;
    };
  }

  /** The vector length in bytes: 16, 32 or 64. */
  public int vectorLength() {
    return 16 << Math.min(2, ext >>> EXT_LENGTH_SHIFT & 3);
  }

  /** The condition of Jcc, SETcc, CMOVcc, CMPccXADD: 0 (O) to 15 (G), as encoded; else -1. */
  public int condition() {
    int opcode = opcode();
    int row = opcode >>> 4;
    boolean isConditional =
        switch (page) {
          case 0 -> row == 7;
          case 1 -> row == 4 || row == 8 || row == 9;
          case X86Forms.PAGE_VEX + 2, X86Forms.PAGE_EVEX + 2 -> row == 14;
          case X86Forms.PAGE_EVEX + 4 -> row == 4;
          default -> false;
        };
    return isConditional ? opcode & 15 : -1;
  }

  /** Whether a ModRM byte is there. */
  public boolean hasModrm() {
    return (shape & 1 << 12) != 0;
  }

  /** ModRM.reg with its extension: a register number, or an opcode extension in the low 3 bits. */
  public int modrmReg() {
    return modrm >>> 3 & 7 | (ext & EXT_R) << 1 | (ext & EXT_R4) >>> 2;
  }

  /** ModRM.rm with its extension as a general-purpose register. */
  public int modrmRm() {
    return modrm & 7 | (ext & EXT_B) << 3 | ext & EXT_B4;
  }

  /** ModRM.rm with its extension as a vector register. */
  public int modrmRmVector() {
    return encoding() == EVEX
        ? modrm & 7 | (ext & EXT_B) << 3 | (ext & EXT_X) << 3
        : modrm & 7 | (ext & EXT_B) << 3;
  }

  /** The register of VEX.vvvv with EVEX.V'. */
  public int vvvv() {
    return ext >>> EXT_VVVV_SHIFT & 31;
  }

  /** EVEX.aaa: the mask register, 0 for none. */
  public int mask() {
    return encoding() == EVEX ? ext >>> EXT_MASK_SHIFT & 7 : 0;
  }

  /** Whether masked elements become zero. */
  public boolean isZeroing() {
    return (ext & EXT_ZEROING) != 0;
  }

  /** EVEX.b: broadcast, rounding control or exception suppression; ND in APX. */
  public boolean hasEvexB() {
    return (ext & EXT_BROADCAST) != 0;
  }

  /** Whether an operand is in memory, or named as if it were (LEA, hints). */
  public boolean hasMemory() {
    return (shape & 1 << 12) != 0 && modrm < 0xc0;
  }

  /** Whether the address is relative to the next instruction's. */
  public boolean isRipRelative() {
    return hasMemory() && (modrm & 0xc7) == 5;
  }

  /** The base register; -1 for none. */
  public int memoryBase() {
    if (!hasMemory()) {
      return -1;
    }
    int low = modrm & 7;
    if (low == 4) {
      low = code[modrmAt + 1] & 7;
      if (low == 5 && modrm < 0x40) {
        return -1;
      }
    } else if (low == 5 && modrm < 0x40) {
      return -1;
    }
    return low | (ext & EXT_B) << 3 | ext & EXT_B4;
  }

  /**
   * The index register; -1 for none. A vector register where the instruction gathers or scatters.
   */
  public int memoryIndex() {
    if (!hasMemory() || (modrm & 7) != 4) {
      return -1;
    }
    int low = code[modrmAt + 1] >>> 3 & 7 | (ext & EXT_X) << 2;
    if ((CHECK[form] & X86Forms.CHECK_VSIB) != 0) {
      return low | vvvvHigh();
    }
    int index = low | (ext & EXT_X4) >>> 1;
    return index == 4 ? -1 : index;
  }

  private int vvvvHigh() {
    return encoding() == EVEX ? ext >>> EXT_VVVV_SHIFT & 16 : 0;
  }

  /** What the index is multiplied by: 1, 2, 4 or 8. */
  public int memoryScale() {
    return memoryIndex() < 0 ? 1 : 1 << (code[modrmAt + 1] >>> 6 & 3);
  }

  /** The displacement, scaled where EVEX does so; relative to the next instruction's address. */
  public long memoryDisplacement() {
    if (!hasMemory()) {
      return 0;
    }
    int at = modrmAt + 1 + ((modrm & 7) == 4 ? 1 : 0);
    int mod = modrm >>> 6;
    if (mod == 1) {
      long value = code[at];
      return encoding() == EVEX ? value * displacementScale() : value;
    }
    if (mod == 2 || (modrm & 7) == 5 || (modrm & 7) == 4 && (code[modrmAt + 1] & 7) == 5) {
      return readSigned(at, 4);
    }
    return 0;
  }

  private int displacementScale() {
    int traits = Cold.TRAITS[form];
    if ((traits & X86Forms.TRAIT_UNSCALED) != 0) {
      return 1;
    }
    int tuple = traits >>> X86Forms.TRAIT_TUPLE_SHIFT & 7;
    return tuple != 0 ? 1 << tuple - 1 : Math.max(1, memoryBytes());
  }

  /** The absolute address of a relative or absolute operand without registers; else 0. */
  public long memoryAddress() {
    if (!hasMemory()) {
      return 0;
    }
    long displacement = memoryDisplacement();
    if (isRipRelative()) {
      long sum = address + length + displacement;
      return hasAddressSizePrefix() ? sum & 0xffffffffL : sum;
    }
    return memoryBase() < 0 && memoryIndex() < 0 ? displacement : 0;
  }

  private int sizeOf(int code) {
    return switch (code) {
      case X86Forms.SIZE_1 -> 1;
      case X86Forms.SIZE_2 -> 2;
      case X86Forms.SIZE_4 -> 4;
      case X86Forms.SIZE_8 -> 8;
      case X86Forms.SIZE_16 -> 16;
      case X86Forms.SIZE_32 -> 32;
      case X86Forms.SIZE_64 -> 64;
      case X86Forms.SIZE_10, X86Forms.SIZE_DESCRIPTOR -> 10;
      case X86Forms.SIZE_28 -> operandSize() == 2 ? 14 : 28;
      case X86Forms.SIZE_108 -> operandSize() == 2 ? 94 : 108;
      case X86Forms.SIZE_512 -> 512;
      case X86Forms.SIZE_48 -> 48;
      case X86Forms.SIZE_V -> operandSize();
      case X86Forms.SIZE_Z -> Math.min(4, operandSize());
      case X86Forms.SIZE_Y -> (ext & EXT_W) != 0 ? 8 : 4;
      case X86Forms.SIZE_X -> vectorLength();
      case X86Forms.SIZE_X2 -> vectorLength() / 2;
      case X86Forms.SIZE_X4 -> vectorLength() / 4;
      case X86Forms.SIZE_X8 -> vectorLength() / 8;
      case X86Forms.SIZE_FAR -> 2 + operandSize();
      case X86Forms.SIZE_ADDRESS -> hasAddressSizePrefix() ? 4 : 8;
      default -> 0;
    };
  }

  /**
   * The immediate operand, sign-extended as the instruction extends it, or zero-extended where it
   * is no number (ports, shuffles). The first one where there are two; the suffix of a 3DNow!
   * instruction; 0 without one.
   */
  public long immediate() {
    int bytes = immediateBytes();
    if (bytes == 0) {
      return 0;
    }
    int at = start + length - bytes;
    int list = Cold.OPERANDS[form] * MOST_OPERANDS;
    for (int i = 0; i < MOST_OPERANDS; i++) {
      int spec = Cold.OPERAND_LISTS[list + i];
      if ((spec & 31) == X86Forms.PLACE_IMM) {
        int width = sizeOf(spec >>> 14 & 31);
        boolean isSigned = (spec >>> 9 & 31) == X86Forms.SIZE_V;
        long value = readSigned(at, width);
        return isSigned || width >= 4 ? value : value & (1L << 8 * width) - 1;
      }
    }
    return readSigned(at, Math.min(bytes, 8));
  }

  /** The last byte of the instruction, unsigned: the second of two immediates. */
  public int lastByte() {
    return code[start + length - 1] & 0xff;
  }

  // Operands

  /** How many operands the instruction's text has. */
  public int operandCount() {
    int count = 0;
    int list = Cold.OPERANDS[form] * MOST_OPERANDS;
    while (count < MOST_OPERANDS && Cold.OPERAND_LISTS[list + count] != 0) {
      count++;
    }
    return hasNewTarget() ? count + 1 : count;
  }

  /** Whether APX adds a target of its own in front of the operands. */
  private boolean hasNewTarget() {
    return (ext & EXT_BROADCAST) != 0
        && (CHECK[form] & (X86Forms.CHECK_ND | X86Forms.CHECK_CFCMOV)) != 0;
  }

  /** Whether APX's CFCMOVcc exchanges its operands: a conditional store. */
  private boolean isReversed() {
    return (CHECK[form] & X86Forms.CHECK_CFCMOV) != 0
        && (ext & (EXT_BROADCAST | 4 << EXT_MASK_SHIFT)) == 4 << EXT_MASK_SHIFT;
  }

  /** The place, class, sizes and access of an operand, as {@code X86TableGenerator} packs them. */
  private int spec(int operand) {
    int list = Cold.OPERANDS[form] * MOST_OPERANDS;
    int check = CHECK[form];
    if ((check & (X86Forms.CHECK_ND | X86Forms.CHECK_CFCMOV)) == 0) {
      return Cold.OPERAND_LISTS[list + operand];
    }
    if (hasNewTarget()) {
      if (operand == 0) {
        int size = Cold.OPERAND_LISTS[list] & 31 << 9;
        return X86Forms.PLACE_VVVV | X86Forms.GPR << 5 | size | X86Forms.WRITE << 22;
      }
      int spec = Cold.OPERAND_LISTS[list + operand - 1];
      return operand == 1 ? spec & ~(X86Forms.WRITE << 22) : spec;
    }
    if ((check & X86Forms.CHECK_CFCMOV) != 0) {
      int spec = Cold.OPERAND_LISTS[list + (isReversed() ? 1 - operand : operand)];
      return spec & ~(3 << 22) | (operand == 0 ? X86Forms.WRITE : X86Forms.READ) << 22;
    }
    return Cold.OPERAND_LISTS[list + operand];
  }

  /**
   * What an operand is: one of the {@code KIND_} constants.
   *
   * @param operand its number, from 0, below {@link #operandCount}
   */
  public int operandKind(int operand) {
    return kind(spec(operand));
  }

  private int kind(int spec) {
    int place = spec & 31;
    if (place == X86Forms.PLACE_RM && hasMemory()
        || place == X86Forms.PLACE_VSIB
        || place == X86Forms.PLACE_OFFSET
        || place == X86Forms.PLACE_STRING_SOURCE
        || place == X86Forms.PLACE_STRING_TARGET) {
      return KIND_MEMORY;
    }
    return spec >>> 5 & 15;
  }

  /**
   * The register of an operand, by number; -1 where it is no register. AH to BH count as 4 to 7.
   */
  public int operandRegister(int operand) {
    return register(spec(operand));
  }

  private int register(int spec) {
    int kind = kind(spec);
    if (kind >= KIND_IMMEDIATE) {
      return -1;
    }
    return switch (spec & 31) {
      case X86Forms.PLACE_REG ->
          switch (kind) {
            case KIND_MMX, KIND_X87, KIND_TILE, KIND_MASK -> modrm >>> 3 & 7;
            case KIND_MASK_PAIR -> modrm >>> 3 & 6;
            case KIND_SEGMENT -> modrm >>> 3 & 7;
            default -> modrmReg();
          };
      case X86Forms.PLACE_RM ->
          switch (kind) {
            case KIND_GPR -> modrmRm();
            case KIND_VECTOR -> modrmRmVector();
            default -> modrm & 7;
          };
      case X86Forms.PLACE_VVVV -> kind == KIND_MASK || kind == KIND_TILE ? vvvv() & 7 : vvvv();
      case X86Forms.PLACE_OPCODE -> opcode() & 7 | (ext & EXT_B) << 3 | ext & EXT_B4;
      case X86Forms.PLACE_IS4 -> lastByte() >>> 4;
      case X86Forms.PLACE_FIXED -> spec >>> 24 & 31;
      default -> -1;
    };
  }

  /** The register in the low bits of the opcode of PUSH, POP, MOV and XCHG. */
  public int opcodeRegister() {
    return opcode() & 7 | (ext & EXT_B) << 3 | ext & EXT_B4;
  }

  /** Whether an operand is AH, CH, DH or BH: bits 8 to 15 of register number less 4. */
  public boolean isHighByte(int operand) {
    int spec = spec(operand);
    return kind(spec) == KIND_GPR
        && (spec >>> 9 & 31) == X86Forms.SIZE_1
        && (spec & 31) != X86Forms.PLACE_FIXED
        && hasHighBytes()
        && register(spec) >> 2 == 1;
  }

  /** Whether byte registers 4 to 7 are AH, CH, DH and BH: there is no REX prefix. */
  public boolean hasHighBytes() {
    return encoding() == LEGACY && (ext & EXT_REX) == 0;
  }

  /**
   * The size of an operand in bytes: of the memory it names, or else of the register or the value;
   * 0 where it varies (XSAVE, AMX tiles) or is not accessed (LEA).
   */
  public int operandBytes(int operand) {
    return bytes(spec(operand));
  }

  private int bytes(int spec) {
    int place = spec & 31;
    boolean isMemory = place == X86Forms.PLACE_VSIB || place == X86Forms.PLACE_RM && hasMemory();
    if (!isMemory) {
      return sizeOf(spec >>> 9 & 31);
    }
    int broadcast = spec >>> 19 & 7;
    return sizeOf(broadcast != 0 && (ext & EXT_BROADCAST) != 0 ? broadcast : spec >>> 14 & 31);
  }

  /** How an operand is used: bits {@link #READ} and {@link #WRITE}. */
  public int operandAccess(int operand) {
    return spec(operand) >>> 22 & 3;
  }

  /** The value of an immediate operand, extended to 64 bits, or the target of a relative one. */
  public long operandValue(int operand) {
    int spec = spec(operand);
    return switch (spec & 31) {
      case X86Forms.PLACE_IMM -> immediate();
      case X86Forms.PLACE_IMM2 -> lastByte();
      case X86Forms.PLACE_IS4_LOW -> lastByte() & 15;
      case X86Forms.PLACE_REL -> target();
      case X86Forms.PLACE_ONE -> 1;
      case X86Forms.PLACE_OFFSET -> {
        int size = hasAddressSizePrefix() ? 4 : 8;
        long value = readSigned(start + length - size, size);
        yield size == 4 ? value & 0xffffffffL : value;
      }
      default -> 0;
    };
  }

  // Read and write sets

  /**
   * The general-purpose registers whose old value the instruction may use, one bit each: operands,
   * address registers, and those that it uses without naming them. A part counts as the register.
   */
  public int gprReads() {
    int traits = Cold.TRAITS[form];
    if ((traits & X86Forms.TRAIT_UNKNOWN) != 0 || form == 0) {
      return -1;
    }
    int set = Cold.IMPLICIT[form] & 0xffff | addressRegisters();
    if ((traits & X86Forms.TRAIT_STRING) != 0 && (prefixes & (PREFIX_F2 | PREFIX_F3)) != 0) {
      set |= 1 << 1;
    }
    return set | operandGprs(X86Forms.READ);
  }

  /**
   * The general-purpose registers that the instruction may change, wholly or in part, one bit each.
   */
  public int gprWrites() {
    int traits = Cold.TRAITS[form];
    if ((traits & X86Forms.TRAIT_UNKNOWN) != 0 || form == 0) {
      return -1;
    }
    int set = Cold.IMPLICIT[form] >>> 16;
    if ((traits & X86Forms.TRAIT_STRING) != 0 && (prefixes & (PREFIX_F2 | PREFIX_F3)) != 0) {
      set |= 1 << 1;
    }
    return set | operandGprs(X86Forms.WRITE);
  }

  private int addressRegisters() {
    if (!hasMemory()) {
      return 0;
    }
    int set = 0;
    int base = memoryBase();
    if (base >= 0) {
      set |= 1 << base;
    }
    if ((modrm & 7) == 4 && (CHECK[form] & X86Forms.CHECK_VSIB) == 0) {
      int index = memoryIndex();
      if (index >= 0) {
        set |= 1 << index;
      }
    }
    return set;
  }

  private int operandGprs(int which) {
    if ((CHECK[form] & (X86Forms.CHECK_ND | X86Forms.CHECK_CFCMOV)) != 0) {
      return newTargetGprs(which);
    }
    int access = Cold.ACCESS[form];
    int set = 0;
    if ((access >>> X86Forms.ACCESS_REG_GPR & which) != 0) {
      set |= gpr(modrmReg(), access >>> X86Forms.ACCESS_REG_BYTE & 1);
    }
    if ((access >>> X86Forms.ACCESS_RM_GPR & which) != 0 && modrm >= 0xc0) {
      set |= gpr(modrmRm(), access >>> X86Forms.ACCESS_RM_BYTE & 1);
    }
    if ((access >>> X86Forms.ACCESS_OPCODE_GPR & which) != 0) {
      int register = opcode() & 7 | (ext & EXT_B) << 3 | ext & EXT_B4;
      set |= gpr(register, access >>> X86Forms.ACCESS_OPCODE_BYTE & 1);
    }
    if ((access >>> X86Forms.ACCESS_VVVV_GPR & which) != 0) {
      set |= 1 << vvvv();
    }
    return set;
  }

  private int newTargetGprs(int which) {
    int set = 0;
    for (int i = operandCount() - 1; i >= 0; i--) {
      int spec = spec(i);
      if ((spec >>> 22 & which) != 0 && kind(spec) == KIND_GPR) {
        set |= 1 << register(spec);
      }
    }
    return set;
  }

  private int gpr(int register, int isByte) {
    boolean isHigh = isByte != 0 && register >> 2 == 1 && hasHighBytes();
    return 1 << (isHigh ? register - 4 : register);
  }

  /** The vector registers whose old value the instruction may use, one bit each, by number. */
  public int vectorReads() {
    int traits = Cold.TRAITS[form];
    if ((traits & X86Forms.TRAIT_UNKNOWN) != 0 || form == 0) {
      return -1;
    }
    int set = Cold.IMPLICIT_VECTORS[form] & 0xff;
    int access = Cold.ACCESS[form];
    if ((access >>> X86Forms.ACCESS_VVVV_VECTOR & X86Forms.READ) != 0) {
      int register = vvvv();
      set |= (traits & X86Forms.TRAIT_FOUR_REGISTERS) != 0 ? 15 << (register & 28) : 1 << register;
    }
    if ((access >>> X86Forms.ACCESS_IS4_VECTOR & X86Forms.READ) != 0) {
      set |= 1 << (lastByte() >>> 4);
    }
    if ((CHECK[form] & X86Forms.CHECK_VSIB) != 0) {
      set |= 1 << memoryIndex();
    }
    set |= operandVectors(access, X86Forms.READ);
    boolean isMerging = mask() != 0 && !isZeroing();
    return isMerging ? set | vectorWrites() : set;
  }

  /** The vector registers that the instruction may change, wholly or in part, one bit each. */
  public int vectorWrites() {
    int traits = Cold.TRAITS[form];
    if ((traits & (X86Forms.TRAIT_UNKNOWN | X86Forms.TRAIT_WRITES_ALL_VECTORS)) != 0 || form == 0) {
      return -1;
    }
    int access = Cold.ACCESS[form];
    int set = Cold.IMPLICIT_VECTORS[form] >>> 8;
    if ((access >>> X86Forms.ACCESS_VVVV_VECTOR & X86Forms.WRITE) != 0) {
      set |= 1 << vvvv();
    }
    return set | operandVectors(access, X86Forms.WRITE);
  }

  private int operandVectors(int access, int which) {
    int set = 0;
    if ((access >>> X86Forms.ACCESS_REG_VECTOR & which) != 0) {
      set |= 1 << modrmReg();
    }
    if ((access >>> X86Forms.ACCESS_RM_VECTOR & which) != 0 && modrm >= 0xc0) {
      set |= 1 << modrmRmVector();
    }
    return set;
  }

  /** Whether the upper parts of all vector registers become zero (VZEROUPPER). */
  public boolean clearsUpperVectors() {
    return (Cold.TRAITS[form] & X86Forms.TRAIT_ZERO_UPPER) != 0;
  }

  /**
   * How memory that an operand names is used: bits {@link #READ} and {@link #WRITE}. String and
   * direct-offset operands count, the stack of PUSH and CALL does not, hints and LEA use none.
   */
  public int memoryAccess() {
    int access = Cold.ACCESS[form];
    int all = access >>> X86Forms.ACCESS_OTHER_MEMORY & 3;
    if (hasMemory()) {
      all |= isReversed() ? X86Forms.WRITE : access >>> X86Forms.ACCESS_RM_MEMORY & 3;
      if (hasNewTarget()) {
        all &= X86Forms.READ;
      }
    }
    return all;
  }

  /** The size in bytes of the memory that an operand names; 0 for none or where it varies. */
  public int memoryBytes() {
    int list = Cold.OPERANDS[form] * MOST_OPERANDS;
    for (int i = 0; i < MOST_OPERANDS; i++) {
      int spec = Cold.OPERAND_LISTS[list + i];
      if (kind(spec) == KIND_MEMORY) {
        return bytes(spec);
      }
    }
    return 0;
  }

  /** Whether it may use memory beyond {@link #memoryBytes} at an operand's address. */
  public boolean touchesUnknownMemory() {
    int traits = Cold.TRAITS[form];
    return (traits & X86Forms.TRAIT_UNKNOWN_MEMORY) != 0
        || (traits & X86Forms.TRAIT_BIT_STRING) != 0 && hasMemory()
        || (traits & X86Forms.TRAIT_STRING) != 0 && (prefixes & (PREFIX_F2 | PREFIX_F3)) != 0
        || form == 0;
  }

  /** Whether it may change any register and any memory: calls, system calls of unknown kind. */
  public boolean mayChangeAnything() {
    return (Cold.TRAITS[form] & X86Forms.TRAIT_UNKNOWN) != 0 || form == 0;
  }

  /** Whether it writes below the stack pointer and lowers it. */
  public boolean pushes() {
    return (Cold.TRAITS[form] & X86Forms.TRAIT_PUSH) != 0;
  }

  /** Whether it reads at the stack pointer and raises it. */
  public boolean pops() {
    return (Cold.TRAITS[form] & X86Forms.TRAIT_POP) != 0;
  }

  /** Whether the result may depend on the flags. */
  public boolean readsFlags() {
    return (Cold.TRAITS[form] & X86Forms.TRAIT_READS_FLAGS) != 0;
  }

  /** Whether any flag may change. */
  public boolean writesFlags() {
    return (Cold.TRAITS[form] & X86Forms.TRAIT_WRITES_FLAGS) != 0 && !leavesFlags();
  }

  /** Whether APX's NF says that flags stay as they are. */
  private boolean leavesFlags() {
    return (CHECK[form] & X86Forms.CHECK_NF) != 0
        && encoding() == EVEX
        && (ext & 4 << EXT_MASK_SHIFT) != 0;
  }

  /** Whether it is a no-operation wherever it is not implemented: NOP, prefetches, ENDBR64. */
  public boolean isHint() {
    return (Cold.TRAITS[form] & X86Forms.TRAIT_HINT) != 0;
  }

  /**
   * The number of the term without which the instruction runs, but computes something else: TZCNT
   * is executed as BSF, LZCNT as BSR. 0 for all others. {@link #term} never counts it.
   */
  public int silentTerm() {
    int traits = Cold.TRAITS[form];
    return (traits & X86Forms.TRAIT_SILENT_BMI1) != 0
        ? X86Terms.BMI1
        : (traits & X86Forms.TRAIT_SILENT_LZCNT) != 0 ? X86Terms.LZCNT : 0;
  }

  /** The form's number in the generated tables, for the formatter and for tests. */
  int form() {
    return form;
  }

  int traits() {
    return Cold.TRAITS[form];
  }

  int check() {
    return CHECK[form];
  }

  int operandPlace(int operand) {
    return spec(operand) & 31;
  }

  int operandElement(int operand) {
    return sizeOf(spec(operand) >>> 19 & 7);
  }

  boolean isNoFlags() {
    return leavesFlags();
  }

  boolean hasNewDataTarget() {
    return (ext & EXT_BROADCAST) != 0;
  }

  boolean isCfcmovStore() {
    return isReversed();
  }

  boolean isNoFlagsBit() {
    return (ext & 4 << EXT_MASK_SHIFT) != 0;
  }

  /** EVEX.L'L of a register form with EVEX.b. */
  int roundingControl() {
    return code[modrmAt - 2] >>> 5 & 3;
  }

  /** APX's source condition, in the low bits of the last payload byte. */
  int sourceCondition() {
    return code[modrmAt - 2] & 15;
  }

  /** APX's default flag values: OF, SF, ZF, CF from the highest bit. */
  int defaultFlags() {
    return code[modrmAt - 3] >>> 3 & 15;
  }

  /** The bytes that a broadcast fills. */
  int broadcastBytes(int operand) {
    return sizeOf(spec(operand) >>> 14 & 31);
  }

  /** The length of the vector of indices. */
  int vectorIndexBytes() {
    int list = Cold.OPERANDS[form] * MOST_OPERANDS;
    for (int i = 0; i < MOST_OPERANDS; i++) {
      int spec = Cold.OPERAND_LISTS[list + i];
      if ((spec & 31) == X86Forms.PLACE_VSIB) {
        return sizeOf(spec >>> 9 & 31);
      }
    }
    return 0;
  }

  /** The mnemonic, without what prefixes add to it; "(bad)" where the bytes were invalid. */
  public String mnemonic() {
    String all = Mnemonics.OF[Cold.MNEMONIC[form]];
    int bar = all.indexOf('|');
    if (bar < 0) {
      return all;
    }
    int size = operandSize();
    if (size == 2) {
      return all.substring(0, bar);
    }
    int second = all.indexOf('|', bar + 1);
    return size == 8 ? all.substring(second + 1) : all.substring(bar + 1, second);
  }
}
