package dev.sigill.image.pe;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Cursor;
import dev.sigill.bytes.Problem;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a PE file ("PE Format": MS-DOS Stub, Signature, COFF File Header, Optional Header,
 * Section Table), with the fields that anything here uses.
 *
 * @param fileOffset {@code e_lfanew}, where the signature lies
 * @param isPe32Plus whether {@code Magic} is that of PE32+
 * @param imageBase the preferred address of RVA 0
 * @param directories the data directories that the file holds, at most 16
 * @param sections the section table as written
 */
record PeHeaders(
    long fileOffset,
    int machine,
    long pointerToSymbolTable,
    long numberOfSymbols,
    int characteristics,
    boolean isPe32Plus,
    String linkerVersion,
    long addressOfEntryPoint,
    long imageBase,
    long sectionAlignment,
    String subsystemVersion,
    long sizeOfHeaders,
    int subsystem,
    List<DataDirectory> directories,
    List<SectionHeader> sections) {

  static final int IMAGE_FILE_MACHINE_I386 = 0x14c;
  static final int IMAGE_FILE_MACHINE_ARM = 0x1c0;
  static final int IMAGE_FILE_MACHINE_THUMB = 0x1c2;
  static final int IMAGE_FILE_MACHINE_ARMNT = 0x1c4;
  static final int IMAGE_FILE_MACHINE_CHPE_X86 = 0x3a64;
  static final int IMAGE_FILE_MACHINE_RISCV64 = 0x5064;
  static final int IMAGE_FILE_MACHINE_LOONGARCH64 = 0x6264;
  static final int IMAGE_FILE_MACHINE_AMD64 = 0x8664;
  static final int IMAGE_FILE_MACHINE_ARM64EC = 0xa641;
  static final int IMAGE_FILE_MACHINE_ARM64X = 0xa64e;
  static final int IMAGE_FILE_MACHINE_ARM64 = 0xaa64;

  static final int IMAGE_FILE_RELOCS_STRIPPED = 0x0001;
  static final int IMAGE_FILE_DLL = 0x2000;

  static final int IMAGE_SCN_CNT_CODE = 0x20;
  static final int IMAGE_SCN_MEM_EXECUTE = 0x2000_0000;
  static final int IMAGE_SCN_MEM_READ = 0x4000_0000;
  static final int IMAGE_SCN_MEM_WRITE = 0x8000_0000;

  /** Indices of the data directories. */
  static final int EXPORT = 0;

  static final int IMPORT = 1;
  static final int RESOURCE = 2;
  static final int EXCEPTION = 3;
  static final int SECURITY = 4;
  static final int BASERELOC = 5;
  static final int DEBUG = 6;
  static final int TLS = 9;
  static final int LOAD_CONFIG = 10;
  static final int IAT = 12;
  static final int DELAY_IMPORT = 13;
  static final int COM_DESCRIPTOR = 14;

  private static final int IMAGE_NUMBEROF_DIRECTORY_ENTRIES = 16;
  private static final int MAGIC_PE32 = 0x10b;
  private static final int MAGIC_PE32_PLUS = 0x20b;
  private static final int SECTION_HEADER_SIZE = 40;

  /** An RVA and a size; both 0 where there is no such directory. */
  record DataDirectory(long virtualAddress, long size) {
    static final DataDirectory NONE = new DataDirectory(0, 0);

    boolean isPresent() {
      return virtualAddress != 0;
    }
  }

  /** One row of the section table. */
  record SectionHeader(
      String name,
      long virtualSize,
      long virtualAddress,
      long sizeOfRawData,
      long pointerToRawData,
      int characteristics,
      long fileOffset) {
    boolean is(int flag) {
      return (characteristics & flag) != 0;
    }
  }

  DataDirectory directory(int index) {
    return index < directories.size() ? directories.get(index) : DataDirectory.NONE;
  }

  boolean isDll() {
    return (characteristics & IMAGE_FILE_DLL) != 0;
  }

  int pointerSize() {
    return isPe32Plus ? 8 : 4;
  }

  /** Whether the loader can map it at its preferred base only. */
  boolean isFixed() {
    return (characteristics & IMAGE_FILE_RELOCS_STRIPPED) != 0
        || !directory(BASERELOC).isPresent() && !isDll();
  }

  /**
   * {@code Machine}, where the code is for another system than Windows that of the processor alone:
   * .NET writes assemblies compiled ahead for Linux and others with a value combined by XOR
   * (dotnet/runtime, "ReadyToRun file format").
   */
  int nativeMachine() {
    int plain = machine ^ systemOverride(operatingSystem());
    return plain == IMAGE_FILE_MACHINE_ARM64X
        ? IMAGE_FILE_MACHINE_ARM64
        : plain == IMAGE_FILE_MACHINE_ARM64EC ? IMAGE_FILE_MACHINE_AMD64 : plain;
  }

  private static int systemOverride(OperatingSystem system) {
    return switch (system) {
      case LINUX -> 0x7b79;
      case MACOS -> 0x4644;
      case FREEBSD -> 0xadc4;
      case NETBSD -> 0x1993;
      case SOLARIS -> 0x1992;
      default -> 0;
    };
  }

  /** The system whose code the sections hold; Windows unless {@code Machine} says otherwise. */
  OperatingSystem operatingSystem() {
    for (OperatingSystem system : OperatingSystem.values()) {
      int override = systemOverride(system);
      if (override != 0) {
        switch (machine ^ override) {
          case IMAGE_FILE_MACHINE_AMD64,
              IMAGE_FILE_MACHINE_ARM64,
              IMAGE_FILE_MACHINE_I386,
              IMAGE_FILE_MACHINE_ARMNT -> {
            return system;
          }
          default -> {}
        }
      }
    }
    return OperatingSystem.WINDOWS;
  }

  Architecture architecture() {
    return switch (machine ^ systemOverride(operatingSystem())) {
      case IMAGE_FILE_MACHINE_AMD64 -> Architecture.X86_64;
      case IMAGE_FILE_MACHINE_I386, IMAGE_FILE_MACHINE_CHPE_X86 -> Architecture.I386;
      case IMAGE_FILE_MACHINE_ARM64, IMAGE_FILE_MACHINE_ARM64X -> Architecture.ARM64;
      case IMAGE_FILE_MACHINE_ARM64EC -> Architecture.ARM64EC;
      case IMAGE_FILE_MACHINE_ARMNT, IMAGE_FILE_MACHINE_ARM, IMAGE_FILE_MACHINE_THUMB ->
          Architecture.ARM;
      case IMAGE_FILE_MACHINE_RISCV64 -> Architecture.RISCV64;
      case IMAGE_FILE_MACHINE_LOONGARCH64 -> Architecture.LOONGARCH64;
      default -> Architecture.OTHER;
    };
  }

  /** The address of the code that a pointer leads to; those of ARMNT carry the Thumb bit. */
  long codeAddress(long pointer) {
    return nativeMachine() == IMAGE_FILE_MACHINE_ARMNT ? pointer & ~1L : pointer;
  }

  /**
   * Reads them; null, with a problem whose effect is {@link Problem.Effect#FILE_LOST}, where they
   * are not all there.
   */
  static @Nullable PeHeaders read(Bytes bytes, PeProblems problems) {
    long start = bytes.u32(0x3c, ByteOrder.LITTLE_ENDIAN);
    var in = new Cursor(bytes, start, ByteOrder.LITTLE_ENDIAN);
    in.u32("Signature");
    int machine = in.u16("Machine");
    int numberOfSections = in.u16("NumberOfSections");
    in.u32("TimeDateStamp");
    long pointerToSymbolTable = in.u32("PointerToSymbolTable");
    long numberOfSymbols = in.u32("NumberOfSymbols");
    int sizeOfOptionalHeader = in.u16("SizeOfOptionalHeader");
    int characteristics = in.u16("Characteristics");
    long optionalHeader = in.position();
    int magic = in.u16("Magic");
    int majorLinkerVersion = in.u8("MajorLinkerVersion");
    int minorLinkerVersion = in.u8("MinorLinkerVersion");
    if (in.isSound() && magic != MAGIC_PE32 && magic != MAGIC_PE32_PLUS) {
      problems.add(
          Problem.Code.BAD_VALUE, optionalHeader, "Magic", magic, -1, Problem.Effect.FILE_LOST);
      return null;
    }
    boolean isPe32Plus = magic == MAGIC_PE32_PLUS;
    in.u32("SizeOfCode");
    in.u32("SizeOfInitializedData");
    in.u32("SizeOfUninitializedData");
    long addressOfEntryPoint = in.u32("AddressOfEntryPoint");
    in.u32("BaseOfCode");
    if (!isPe32Plus) {
      in.u32("BaseOfData");
    }
    long imageBase = in.word(isPe32Plus, "ImageBase");
    long sectionAlignment = in.u32("SectionAlignment");
    in.u32("FileAlignment");
    in.u32("MajorOperatingSystemVersion");
    in.u32("MajorImageVersion");
    String subsystemVersion =
        in.u16("MajorSubsystemVersion") + "." + in.u16("MinorSubsystemVersion");
    in.u32("Win32VersionValue");
    in.u32("SizeOfImage");
    long sizeOfHeaders = in.u32("SizeOfHeaders");
    in.u32("CheckSum");
    int subsystem = in.u16("Subsystem");
    in.u16("DllCharacteristics");
    for (int i = 0; i < 4; i++) {
      in.word(isPe32Plus, "SizeOfStackReserve");
    }
    in.u32("LoaderFlags");
    long numberOfRvaAndSizes = in.u32("NumberOfRvaAndSizes");
    Problem cut = in.problem();
    if (cut != null) {
      problems.add(
          cut.code(),
          in.position(),
          cut.field(),
          cut.actual(),
          cut.limit(),
          Problem.Effect.FILE_LOST);
      return null;
    }
    if (imageBase >= -1L << 32 && imageBase < 0) {
      problems.partLost(Problem.Code.BAD_VALUE, optionalHeader + 24, "ImageBase", imageBase, -1);
      imageBase = 0;
    }
    return new PeHeaders(
        start,
        machine,
        pointerToSymbolTable,
        numberOfSymbols,
        characteristics,
        isPe32Plus,
        majorLinkerVersion + "." + minorLinkerVersion,
        addressOfEntryPoint,
        imageBase,
        sectionAlignment,
        subsystemVersion,
        sizeOfHeaders,
        subsystem,
        readDirectories(
            bytes,
            in.position(),
            numberOfRvaAndSizes,
            optionalHeader + sizeOfOptionalHeader,
            problems),
        readSections(
            bytes,
            optionalHeader + sizeOfOptionalHeader,
            numberOfSections,
            CoffSymbols.stringTable(bytes, pointerToSymbolTable, numberOfSymbols),
            problems));
  }

  private static List<DataDirectory> readDirectories(
      Bytes bytes, long start, long stated, long end, PeProblems problems) {
    // The loader looks at no more than 16 whatever the field says.
    long count = Math.min(stated, IMAGE_NUMBEROF_DIRECTORY_ENTRIES);
    if (stated > IMAGE_NUMBEROF_DIRECTORY_ENTRIES) {
      problems.nothingLost(
          Problem.Code.BAD_VALUE,
          start - 4,
          "NumberOfRvaAndSizes",
          stated,
          IMAGE_NUMBEROF_DIRECTORY_ENTRIES);
    }
    if (start + count * 8 > end) {
      problems.nothingLost(
          Problem.Code.BAD_VALUE,
          start - 4,
          "NumberOfRvaAndSizes",
          stated,
          Math.max(0, (end - start) / 8));
    }
    var directories = new ArrayList<DataDirectory>();
    var in = new Cursor(bytes, start, ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      long virtualAddress = in.u32("DataDirectory");
      long size = in.u32("DataDirectory");
      if (!in.isSound()) {
        problems.partLost(Problem.Code.TRUNCATED, start + i * 8L, "DataDirectory " + i, i, count);
        break;
      }
      directories.add(new DataDirectory(virtualAddress, size));
    }
    return List.copyOf(directories);
  }

  private static List<SectionHeader> readSections(
      Bytes bytes, long start, int stated, long stringTable, PeProblems problems) {
    long room = Math.max(0, bytes.length() - start) / SECTION_HEADER_SIZE;
    int count = (int) Math.min(stated, room);
    if (count < stated) {
      problems.partLost(Problem.Code.TRUNCATED, start, "NumberOfSections", stated, room);
    }
    var sections = new ArrayList<SectionHeader>(count);
    for (int i = 0; i < count; i++) {
      long at = start + (long) i * SECTION_HEADER_SIZE;
      sections.add(
          new SectionHeader(
              sectionName(bytes, at, stringTable),
              bytes.u32(at + 8, ByteOrder.LITTLE_ENDIAN),
              bytes.u32(at + 12, ByteOrder.LITTLE_ENDIAN),
              bytes.u32(at + 16, ByteOrder.LITTLE_ENDIAN),
              bytes.u32(at + 20, ByteOrder.LITTLE_ENDIAN),
              bytes.i32(at + 36, ByteOrder.LITTLE_ENDIAN),
              at));
    }
    return List.copyOf(sections);
  }

  /** Names longer than 8 bytes are written {@code /4}: an offset in the COFF string table. */
  private static String sectionName(Bytes bytes, long at, long stringTable) {
    byte[] raw = bytes.array(at, 8);
    int length = 0;
    while (length < 8 && raw[length] != 0) {
      length++;
    }
    var name = new String(raw, 0, length, StandardCharsets.UTF_8);
    if (stringTable >= 0 && name.matches("/[0-9]{1,7}")) {
      String longName = bytes.text(stringTable + Integer.parseInt(name.substring(1)), 255);
      return longName.isEmpty() ? name : longName;
    }
    return name;
  }
}
