package dev.sigill.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system that this program runs on. Native functions are called through the foreign function
 * API, only where their system is the running one; whatever goes wrong is an answer not had.
 *
 * <p>Sources: {@code sysctlbyname(3)}; Microsoft Learn, {@code IsProcessorFeaturePresent}, {@code
 * RtlGetVersion}, {@code IsWow64Process2}.
 */
final class RunningHost implements Host {
  private static final Set<String> TEXT_VALUES =
      Set.of(
          "machdep.cpu.brand_string",
          "machdep.cpu.vendor",
          "machdep.cpu.features",
          "machdep.cpu.leaf7_features",
          "machdep.cpu.extfeatures",
          "kern.osproductversion",
          "hw.machine");

  private static final int VERSION_STRUCTURE = 276;

  private @Nullable MethodHandle sysctlByName;
  private boolean isSysctlLookedUp;

  @Override
  public String property(String name) {
    return System.getProperty(name, "");
  }

  @Override
  public @Nullable String environment(String name) {
    return System.getenv(name);
  }

  @Override
  public Path root() {
    return Path.of("/");
  }

  private boolean isMac() {
    return property("os.name").startsWith("Mac");
  }

  private boolean isWindows() {
    return property("os.name").startsWith("Windows");
  }

  @Override
  public @Nullable String sysctl(String name) {
    if (!isMac()) {
      return null;
    }
    MethodHandle call = sysctlByName();
    if (call == null) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocateFrom(name);
      MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
      int answer = (int) call.invokeExact(key, MemorySegment.NULL, size, MemorySegment.NULL, 0L);
      long length = size.get(ValueLayout.JAVA_LONG, 0);
      if (answer != 0 || length <= 0 || length > 1 << 16) {
        return null;
      }
      MemorySegment value = arena.allocate(length + 1, 8);
      answer = (int) call.invokeExact(key, value, size, MemorySegment.NULL, 0L);
      return answer == 0 ? printed(name, value, size.get(ValueLayout.JAVA_LONG, 0)) : null;
    } catch (Throwable e) {
      return null;
    }
  }

  private static String printed(String name, MemorySegment value, long length) {
    if (TEXT_VALUES.contains(name)) {
      return value.getString(0);
    }
    return length == Integer.BYTES
        ? Integer.toString(value.get(ValueLayout.JAVA_INT, 0))
        : length == Long.BYTES
            ? Long.toString(value.get(ValueLayout.JAVA_LONG, 0))
            : value.getString(0);
  }

  @SuppressWarnings("restricted")
  private @Nullable MethodHandle sysctlByName() {
    if (!isSysctlLookedUp) {
      isSysctlLookedUp = true;
      try {
        Linker linker = Linker.nativeLinker();
        sysctlByName =
            linker.downcallHandle(
                linker.defaultLookup().find("sysctlbyname").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG));
      } catch (RuntimeException | LinkageError e) {
        sysctlByName = null;
      }
    }
    return sysctlByName;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle windowsFunction(
      String library, String function, FunctionDescriptor descriptor) {
    SymbolLookup lookup = SymbolLookup.libraryLookup(library, Arena.global());
    return Linker.nativeLinker().downcallHandle(lookup.find(function).orElseThrow(), descriptor);
  }

  @Override
  public boolean isProcessorFeaturePresent(int number) {
    if (!isWindows()) {
      return false;
    }
    try {
      MethodHandle call =
          windowsFunction(
              "kernel32",
              "IsProcessorFeaturePresent",
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      return (int) call.invokeExact(number) != 0;
    } catch (Throwable e) {
      return false;
    }
  }

  @Override
  public @Nullable String windowsVersion() {
    if (!isWindows()) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle call =
          windowsFunction(
              "ntdll",
              "RtlGetVersion",
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      MemorySegment version = arena.allocate(VERSION_STRUCTURE, 8);
      version.set(ValueLayout.JAVA_INT, 0, VERSION_STRUCTURE);
      if ((int) call.invokeExact(version) != 0) {
        return null;
      }
      return version.get(ValueLayout.JAVA_INT, 4)
          + "."
          + version.get(ValueLayout.JAVA_INT, 8)
          + "."
          + version.get(ValueLayout.JAVA_INT, 12);
    } catch (Throwable e) {
      return null;
    }
  }

  @Override
  public int windowsNativeMachine() {
    if (!isWindows()) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle self =
          windowsFunction(
              "kernel32", "GetCurrentProcess", FunctionDescriptor.of(ValueLayout.ADDRESS));
      MethodHandle call =
          windowsFunction(
              "kernel32",
              "IsWow64Process2",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS));
      MemorySegment process = arena.allocate(ValueLayout.JAVA_SHORT);
      MemorySegment own = arena.allocate(ValueLayout.JAVA_SHORT);
      int answer = (int) call.invokeExact((MemorySegment) self.invokeExact(), process, own);
      return answer == 0 ? 0 : own.get(ValueLayout.JAVA_SHORT, 0) & 0xffff;
    } catch (Throwable e) {
      return 0;
    }
  }
}
