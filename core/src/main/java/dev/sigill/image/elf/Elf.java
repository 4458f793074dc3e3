package dev.sigill.image.elf;

/**
 * Numbers of the ELF specification, in its own spelling.
 *
 * <p>Sources: System V gABI, chapters 4 and 5; Linux Standard Base Core, "Object Format"; the
 * processor supplements named at {@link RelocationKind}; {@code elf.h} of glibc for GNU and Android
 * extensions.
 */
final class Elf {
  static final int ELFCLASS32 = 1;
  static final int ELFCLASS64 = 2;
  static final int ELFDATA2LSB = 1;
  static final int ELFDATA2MSB = 2;

  static final int ELFOSABI_NONE = 0;
  static final int ELFOSABI_NETBSD = 2;
  static final int ELFOSABI_GNU = 3;
  static final int ELFOSABI_SOLARIS = 6;
  static final int ELFOSABI_FREEBSD = 9;
  static final int ELFOSABI_OPENBSD = 12;

  static final int ET_REL = 1;
  static final int ET_EXEC = 2;
  static final int ET_DYN = 3;
  static final int ET_CORE = 4;

  static final int EM_386 = 3;
  static final int EM_486 = 6;
  static final int EM_MIPS = 8;
  static final int EM_PPC = 20;
  static final int EM_PPC64 = 21;
  static final int EM_S390 = 22;
  static final int EM_ARM = 40;
  static final int EM_SPARCV9 = 43;
  static final int EM_X86_64 = 62;
  static final int EM_AARCH64 = 183;
  static final int EM_CUDA = 190;
  static final int EM_INTELGT = 205;
  static final int EM_AMDGPU = 224;
  static final int EM_RISCV = 243;
  static final int EM_LOONGARCH = 258;
  static final int EM_ALPHA = 0x9026;

  static final int PN_XNUM = 0xffff;
  static final int PT_LOAD = 1;
  static final int PT_DYNAMIC = 2;
  static final int PT_INTERP = 3;
  static final int PT_NOTE = 4;
  static final int PT_TLS = 7;
  static final int PT_GNU_EH_FRAME = 0x6474e550;
  static final int PT_GNU_STACK = 0x6474e551;
  static final int PT_GNU_RELRO = 0x6474e552;
  static final int PT_GNU_PROPERTY = 0x6474e553;
  static final int PT_ARM_EXIDX = 0x70000001;
  static final int PF_X = 1;
  static final int PF_W = 2;
  static final int PF_R = 4;

  static final int SHT_NULL = 0;
  static final int SHT_PROGBITS = 1;
  static final int SHT_SYMTAB = 2;
  static final int SHT_RELA = 4;
  static final int SHT_NOTE = 7;
  static final int SHT_NOBITS = 8;
  static final int SHT_REL = 9;
  static final int SHT_DYNSYM = 11;
  static final int SHT_INIT_ARRAY = 14;
  static final int SHT_PREINIT_ARRAY = 16;
  static final long SHF_WRITE = 1;
  static final long SHF_ALLOC = 2;
  static final long SHF_EXECINSTR = 4;
  static final long SHF_COMPRESSED = 0x800;
  static final int SHN_UNDEF = 0;
  static final int SHN_LORESERVE = 0xff00;
  static final int SHN_ABS = 0xfff1;
  static final int SHN_XINDEX = 0xffff;

  static final int STB_LOCAL = 0;
  static final int STB_GLOBAL = 1;
  static final int STB_WEAK = 2;
  static final int STB_GNU_UNIQUE = 10;
  static final int STT_NOTYPE = 0;
  static final int STT_OBJECT = 1;
  static final int STT_FUNC = 2;
  static final int STT_SECTION = 3;
  static final int STT_FILE = 4;
  static final int STT_COMMON = 5;
  static final int STT_TLS = 6;
  static final int STT_GNU_IFUNC = 10;
  static final int STV_DEFAULT = 0;
  static final int STV_INTERNAL = 1;
  static final int STV_HIDDEN = 2;
  static final int STV_PROTECTED = 3;

  static final long DT_NULL = 0;
  static final long DT_NEEDED = 1;
  static final long DT_PLTRELSZ = 2;
  static final long DT_HASH = 4;
  static final long DT_STRTAB = 5;
  static final long DT_SYMTAB = 6;
  static final long DT_RELA = 7;
  static final long DT_RELASZ = 8;
  static final long DT_RELAENT = 9;
  static final long DT_STRSZ = 10;
  static final long DT_SYMENT = 11;
  static final long DT_INIT = 12;
  static final long DT_SONAME = 14;
  static final long DT_RPATH = 15;
  static final long DT_SYMBOLIC = 16;
  static final long DT_REL = 17;
  static final long DT_RELSZ = 18;
  static final long DT_RELENT = 19;
  static final long DT_PLTREL = 20;
  static final long DT_TEXTREL = 22;
  static final long DT_JMPREL = 23;
  static final long DT_INIT_ARRAY = 25;
  static final long DT_INIT_ARRAYSZ = 27;
  static final long DT_RUNPATH = 29;
  static final long DT_FLAGS = 30;
  static final long DT_PREINIT_ARRAY = 32;
  static final long DT_PREINIT_ARRAYSZ = 33;
  static final long DT_RELRSZ = 35;
  static final long DT_RELR = 36;
  static final long DT_RELRENT = 37;
  static final long DT_ANDROID_REL = 0x6000000f;
  static final long DT_ANDROID_RELSZ = 0x60000010;
  static final long DT_ANDROID_RELA = 0x60000011;
  static final long DT_ANDROID_RELASZ = 0x60000012;
  static final long DT_ANDROID_RELR = 0x6fffe000;
  static final long DT_ANDROID_RELRSZ = 0x6fffe001;
  static final long DT_GNU_HASH = 0x6ffffef5;
  static final long DT_VERSYM = 0x6ffffff0;
  static final long DT_FLAGS_1 = 0x6ffffffb;
  static final long DT_VERDEF = 0x6ffffffc;
  static final long DT_VERDEFNUM = 0x6ffffffd;
  static final long DT_VERNEED = 0x6ffffffe;
  static final long DT_VERNEEDNUM = 0x6fffffff;
  static final long DF_SYMBOLIC = 2;
  static final long DF_TEXTREL = 4;
  static final long DF_BIND_NOW = 8;
  static final long DF_STATIC_TLS = 0x10;
  static final long DF_1_NOW = 1;
  static final long DF_1_PIE = 0x08000000;

  static final int VERSYM_HIDDEN = 0x8000;
  static final int VERSYM_VERSION = 0x7fff;
  static final int VER_FLG_BASE = 1;
  static final int VER_FLG_WEAK = 2;

  static final int NT_GNU_ABI_TAG = 1;
  static final int NT_GNU_BUILD_ID = 3;
  static final int NT_GNU_PROPERTY_TYPE_0 = 5;
  static final int GNU_PROPERTY_AARCH64_FEATURE_1_AND = 0xc0000000;
  static final int GNU_PROPERTY_X86_FEATURE_1_AND = 0xc0000002;
  static final int GNU_PROPERTY_X86_ISA_1_NEEDED = 0xc0008002;

  private Elf() {}
}
