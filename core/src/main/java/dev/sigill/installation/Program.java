package dev.sigill.installation;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.platform.Architecture;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A native program, read for the architectures that its header states. */
final class Program {
  private static final int HEAD = 4096;

  private Program() {}

  /** Whether a file is a native program, not a script or a stand-in. */
  static boolean isNative(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (var in = Files.newInputStream(file)) {
      return Images.isNative(Bytes.of(in.readNBytes(HEAD), file.toString()));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Its architectures, in the order of the file; none where it is no native program. */
  static List<Architecture> architectures(Path file) {
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      Bytes bytes =
          Bytes.of(
              channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), Place.of(file.toString()));
      Set<Architecture> architectures = new LinkedHashSet<>();
      for (Image image : Images.read(bytes, Limits.standard()).images()) {
        architectures.add(image.architecture());
      }
      return List.copyOf(architectures);
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }
}
