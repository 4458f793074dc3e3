package dev.sigill.image.macho;

/**
 * Numbers of the Mach-O format, in its own spelling.
 *
 * <p>Sources: {@code mach-o/loader.h}, {@code nlist.h}, {@code reloc.h}, {@code fat.h}, {@code
 * fixup-chains.h} and {@code mach/machine.h} of Apple's open-source releases.
 */
final class MachO {
  static final int MH_MAGIC = 0xfeedface;
  static final int MH_CIGAM = 0xcefaedfe;
  static final int MH_MAGIC_64 = 0xfeedfacf;
  static final int MH_CIGAM_64 = 0xcffaedfe;
  static final int FAT_MAGIC = 0xcafebabe;
  static final int FAT_MAGIC_64 = 0xcafebabf;

  static final int CPU_ARCH_ABI64 = 0x0100_0000;
  static final int CPU_ARCH_ABI64_32 = 0x0200_0000;
  static final int CPU_TYPE_X86 = 7;
  static final int CPU_TYPE_ARM = 12;
  static final int CPU_TYPE_SPARC = 14;
  static final int CPU_TYPE_POWERPC = 18;
  static final int CPU_TYPE_APPLE_GPU = 19;
  static final int CPU_TYPE_AMD_GPU = 20;
  static final int CPU_TYPE_NVIDIA_GPU = 21;
  static final int CPU_TYPE_AIR = 23;
  static final int CPU_TYPE_X86_64 = CPU_TYPE_X86 | CPU_ARCH_ABI64;
  static final int CPU_TYPE_ARM64 = CPU_TYPE_ARM | CPU_ARCH_ABI64;
  static final int CPU_TYPE_ARM64_32 = CPU_TYPE_ARM | CPU_ARCH_ABI64_32;
  static final int CPU_TYPE_POWERPC64 = CPU_TYPE_POWERPC | CPU_ARCH_ABI64;
  static final int CPU_SUBTYPE_MASK = 0xff00_0000;
  static final int CPU_SUBTYPE_X86_64_H = 8;
  static final int CPU_SUBTYPE_ARM64_V8 = 1;
  static final int CPU_SUBTYPE_ARM64E = 2;
  static final int CPU_SUBTYPE_PTRAUTH_ABI = 0x8000_0000;

  static final int MH_OBJECT = 1;
  static final int MH_EXECUTE = 2;
  static final int MH_CORE = 4;
  static final int MH_DYLIB = 6;
  static final int MH_DYLINKER = 7;
  static final int MH_BUNDLE = 8;
  static final int MH_DYLIB_STUB = 9;
  static final int MH_DSYM = 10;

  static final int MH_SPLIT_SEGS = 0x20;
  static final int MH_TWOLEVEL = 0x80;
  static final int MH_PIE = 0x20_0000;

  static final int LC_REQ_DYLD = 0x8000_0000;
  static final int LC_SEGMENT = 0x1;
  static final int LC_SYMTAB = 0x2;
  static final int LC_THREAD = 0x4;
  static final int LC_UNIXTHREAD = 0x5;
  static final int LC_DYSYMTAB = 0xb;
  static final int LC_LOAD_DYLIB = 0xc;
  static final int LC_ID_DYLIB = 0xd;
  static final int LC_LOAD_DYLINKER = 0xe;
  static final int LC_ROUTINES = 0x11;
  static final int LC_LOAD_WEAK_DYLIB = 0x18 | LC_REQ_DYLD;
  static final int LC_SEGMENT_64 = 0x19;
  static final int LC_ROUTINES_64 = 0x1a;
  static final int LC_UUID = 0x1b;
  static final int LC_RPATH = 0x1c | LC_REQ_DYLD;
  static final int LC_CODE_SIGNATURE = 0x1d;
  static final int LC_REEXPORT_DYLIB = 0x1f | LC_REQ_DYLD;
  static final int LC_LAZY_LOAD_DYLIB = 0x20;
  static final int LC_ENCRYPTION_INFO = 0x21;
  static final int LC_DYLD_INFO = 0x22;
  static final int LC_DYLD_INFO_ONLY = 0x22 | LC_REQ_DYLD;
  static final int LC_LOAD_UPWARD_DYLIB = 0x23 | LC_REQ_DYLD;
  static final int LC_VERSION_MIN_MACOSX = 0x24;
  static final int LC_VERSION_MIN_IPHONEOS = 0x25;
  static final int LC_FUNCTION_STARTS = 0x26;
  static final int LC_MAIN = 0x28 | LC_REQ_DYLD;
  static final int LC_DATA_IN_CODE = 0x29;
  static final int LC_ENCRYPTION_INFO_64 = 0x2c;
  static final int LC_VERSION_MIN_TVOS = 0x2f;
  static final int LC_VERSION_MIN_WATCHOS = 0x30;
  static final int LC_BUILD_VERSION = 0x32;
  static final int LC_DYLD_EXPORTS_TRIE = 0x33 | LC_REQ_DYLD;
  static final int LC_DYLD_CHAINED_FIXUPS = 0x34 | LC_REQ_DYLD;

  /** {@code segment_command.flags}: made read-only once fixed up. */
  static final int SG_READ_ONLY = 0x10;

  static final int VM_PROT_READ = 1;
  static final int VM_PROT_WRITE = 2;
  static final int VM_PROT_EXECUTE = 4;
  static final int SG_PROTECTED_VERSION_1 = 0x8;

  static final int SECTION_TYPE = 0xff;
  static final int S_ZEROFILL = 0x1;
  static final int S_NON_LAZY_SYMBOL_POINTERS = 0x6;
  static final int S_LAZY_SYMBOL_POINTERS = 0x7;
  static final int S_SYMBOL_STUBS = 0x8;
  static final int S_MOD_INIT_FUNC_POINTERS = 0x9;
  static final int S_GB_ZEROFILL = 0xc;
  static final int S_LAZY_DYLIB_SYMBOL_POINTERS = 0x10;
  static final int S_THREAD_LOCAL_REGULAR = 0x11;
  static final int S_THREAD_LOCAL_ZEROFILL = 0x12;
  static final int S_THREAD_LOCAL_VARIABLES = 0x13;
  static final int S_THREAD_LOCAL_INIT_FUNCTION_POINTERS = 0x15;
  static final int S_INIT_FUNC_OFFSETS = 0x16;
  static final int S_ATTR_PURE_INSTRUCTIONS = 0x8000_0000;
  static final int S_ATTR_SELF_MODIFYING_CODE = 0x0400_0000;
  static final int S_ATTR_SOME_INSTRUCTIONS = 0x400;

  static final int N_STAB = 0xe0;
  static final int N_PEXT = 0x10;
  static final int N_TYPE = 0x0e;
  static final int N_EXT = 0x01;
  static final int N_UNDF = 0x0;
  static final int N_ABS = 0x2;
  static final int N_INDR = 0xa;
  static final int N_SECT = 0xe;
  static final int N_WEAK_REF = 0x40;
  static final int N_WEAK_DEF = 0x80;
  static final int N_SYMBOL_RESOLVER = 0x100;

  static final int INDIRECT_SYMBOL_LOCAL = 0x8000_0000;
  static final int INDIRECT_SYMBOL_ABS = 0x4000_0000;

  /** Names longer than this are no compiler's work, in bytes. */
  static final int MOST_NAME = 1 << 16;

  private MachO() {}

  /** A version of 16, 8 and 8 bits as {@code x.y}, with {@code .z} where it is not 0. */
  static String version(long packed) {
    long major = packed >>> 16 & 0xffff;
    long minor = packed >>> 8 & 0xff;
    long patch = packed & 0xff;
    return patch == 0 ? major + "." + minor : major + "." + minor + "." + patch;
  }
}
