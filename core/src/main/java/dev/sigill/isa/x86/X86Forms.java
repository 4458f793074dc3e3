package dev.sigill.isa.x86;

/** The codes of the generated tables' columns. */
final class X86Forms {
  // Opcode pages: legacy maps 0 to 3, VEX maps from 8, EVEX maps from 16, XOP maps 8 to 10 from 24,
  // 3DNow! suffixes, REX2 alone.
  static final int PAGES = 29;
  static final int PAGE_VEX = 8;
  static final int PAGE_EVEX = 16;
  static final int PAGE_XOP = 24;
  static final int PAGE_3DNOW = 27;
  static final int PAGE_REX2 = 28;

  // What holds an operand.
  static final int PLACE_REG = 1;
  static final int PLACE_RM = 2;
  static final int PLACE_VVVV = 3;
  static final int PLACE_OPCODE = 4;
  static final int PLACE_IS4 = 5;
  static final int PLACE_IMM = 6;
  static final int PLACE_IMM2 = 7;
  static final int PLACE_IS4_LOW = 8;
  static final int PLACE_REL = 9;
  static final int PLACE_OFFSET = 10;
  static final int PLACE_FIXED = 11;
  static final int PLACE_STRING_SOURCE = 12;
  static final int PLACE_STRING_TARGET = 13;
  static final int PLACE_VSIB = 14;
  static final int PLACE_ONE = 15;

  // What an operand is when it is not in memory.
  static final int GPR = 0;
  static final int VECTOR = 1;
  static final int MASK = 2;
  static final int MASK_PAIR = 3;
  static final int MMX = 4;
  static final int TILE = 5;
  static final int SEGMENT = 6;
  static final int CONTROL = 7;
  static final int DEBUG = 8;
  static final int X87 = 9;
  static final int IMMEDIATE = 10;
  static final int RELATIVE = 11;
  static final int MEMORY = 12;

  // Sizes: fixed ones in bytes, then those that prefixes and vector length decide.
  static final int SIZE_NONE = 0;
  static final int SIZE_1 = 1;
  static final int SIZE_2 = 2;
  static final int SIZE_4 = 3;
  static final int SIZE_8 = 4;
  static final int SIZE_16 = 5;
  static final int SIZE_32 = 6;
  static final int SIZE_64 = 7;
  static final int SIZE_10 = 8;
  static final int SIZE_28 = 9;
  static final int SIZE_108 = 10;
  static final int SIZE_512 = 11;
  static final int SIZE_48 = 12;
  static final int SIZE_DESCRIPTOR = 13;

  /** 2, 4 or 8 bytes: the operand size. */
  static final int SIZE_V = 16;

  /** 2 or 4 bytes: the operand size, at most 4. */
  static final int SIZE_Z = 17;

  /** 4 or 8 bytes, by W alone. */
  static final int SIZE_Y = 18;

  /** The vector length, a half, a quarter, an eighth of it. */
  static final int SIZE_X = 19;

  static final int SIZE_X2 = 20;
  static final int SIZE_X4 = 21;
  static final int SIZE_X8 = 22;

  /** A selector and an offset of the operand size. */
  static final int SIZE_FAR = 23;

  /** The address size. */
  static final int SIZE_ADDRESS = 24;

  // Access.
  static final int READ = 1;
  static final int WRITE = 2;

  // Operand size of the instruction.
  static final int MODE_V = 0;
  static final int MODE_1 = 1;
  static final int MODE_2 = 2;
  static final int MODE_4 = 3;
  static final int MODE_8 = 4;
  static final int MODE_STACK = 5;
  static final int MODE_Y = 6;
  static final int MODE_MASK = 7;

  static final int TRAIT_DEFAULT_64 = 1 << 3;
  static final int TRAIT_ADDRESS_ONLY = 1 << 4;
  static final int TRAIT_HINT = 1 << 5;
  static final int TRAIT_FAR = 1 << 6;
  static final int TRAIT_STRING = 1 << 7;
  static final int TRAIT_PUSH = 1 << 8;
  static final int TRAIT_POP = 1 << 9;

  /** May read and write every register and all memory. */
  static final int TRAIT_UNKNOWN = 1 << 10;

  /** Touches memory that no operand names. */
  static final int TRAIT_UNKNOWN_MEMORY = 1 << 11;

  static final int TRAIT_WRITES_FLAGS = 1 << 12;
  static final int TRAIT_READS_FLAGS = 1 << 13;
  static final int TRAIT_ZERO_UPPER = 1 << 14;
  static final int TRAIT_WRITES_ALL_VECTORS = 1 << 15;
  static final int TRAIT_FOUR_REGISTERS = 1 << 16;
  static final int TRAIT_PARTIAL_STORE = 1 << 17;
  static final int TRAIT_SILENT_BMI1 = 1 << 19;
  static final int TRAIT_SILENT_LZCNT = 1 << 20;

  /** Displacements are scaled by 1 shifted by this number less one; 0: by the memory size. */
  static final int TRAIT_TUPLE_SHIFT = 21;

  /** As {@link #TRAIT_UNKNOWN_MEMORY}, where an operand is in memory: bit strings. */
  static final int TRAIT_BIT_STRING = 1 << 24;

  /** An 8-bit displacement of EVEX is not scaled: what APX promoted from other encodings. */
  static final int TRAIT_UNSCALED = 1 << 25;

  // Which operands read (the bit given) and write (the next bit).
  static final int ACCESS_REG_GPR = 0;
  static final int ACCESS_RM_GPR = 2;
  static final int ACCESS_OPCODE_GPR = 4;
  static final int ACCESS_VVVV_GPR = 6;
  static final int ACCESS_REG_VECTOR = 8;
  static final int ACCESS_RM_VECTOR = 10;
  static final int ACCESS_VVVV_VECTOR = 12;
  static final int ACCESS_IS4_VECTOR = 14;
  static final int ACCESS_RM_MEMORY = 16;
  static final int ACCESS_OTHER_MEMORY = 18;
  static final int ACCESS_REG_BYTE = 20;
  static final int ACCESS_RM_BYTE = 21;
  static final int ACCESS_OPCODE_BYTE = 22;

  static final int CHECK_NO_VVVV = 1;
  static final int CHECK_VSIB = 1 << 1;
  static final int CHECK_MASK = 1 << 2;
  static final int CHECK_ZEROING = 1 << 3;
  static final int CHECK_MASK_NEEDED = 1 << 4;
  static final int CHECK_BROADCAST = 1 << 5;
  static final int CHECK_ROUNDING = 1 << 6;
  static final int CHECK_SAE = 1 << 7;
  static final int CHECK_GATHER = 1 << 8;
  static final int CHECK_ND = 1 << 9;
  static final int CHECK_ND_NEEDED = 1 << 10;
  static final int CHECK_NF = 1 << 11;
  static final int CHECK_ZU = 1 << 12;
  static final int CHECK_CFCMOV = 1 << 13;
  static final int CHECK_SCC = 1 << 14;
  static final int CHECK_SIB = 1 << 15;
  static final int CHECK_LOCK = 1 << 16;
  static final int CHECK_ANY_MOD = 1 << 17;
  static final int CHECK_MEMORY_TARGET = 1 << 18;
  static final int CHECK_MAP4 = 1 << 19;
  static final int CHECK_REG_GPR = 1 << 20;
  static final int CHECK_VVVV_GPR = 1 << 21;
  static final int CHECK_REG_MASK = 1 << 22;
  static final int CHECK_VVVV_MASK = 1 << 23;
  static final int CHECK_NO_66 = 1 << 24;
  static final int CHECK_TILES = 1 << 25;
  static final int CHECK_IGNORED_ROUNDING = 1 << 26;
  static final int CHECK_DISTINCT = 1 << 27;

  private X86Forms() {}
}
