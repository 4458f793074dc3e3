package dev.sigill.accuracy;

import dev.sigill.analysis.AnalysisThreads;
import dev.sigill.analysis.ContainedCode;
import dev.sigill.analysis.RequirementsAnalysis;
import dev.sigill.analysis.RequirementsAnalysis.PlacedImage;
import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.CRC32;

/**
 * What a scanner would say: which features the instructions of an image need, whether anything
 * reaches them or not. Each image is decoded once.
 */
final class Containment {
  private final Map<String, List<FeatureTerm>> known = new HashMap<>();

  /** The features that code of the files needs and a processor lacks, sorted. */
  List<String> beyond(List<Path> files, FeatureSet executes) throws IOException {
    var missing = new TreeSet<String>();
    for (Path file : files) {
      for (FeatureTerm term : terms(file)) {
        if (!term.isMetBy(executes)) {
          missing.addAll(term.missingFrom(executes).ids());
        }
      }
    }
    return List.copyOf(missing);
  }

  private List<FeatureTerm> terms(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() == 0) {
        return List.of();
      }
      var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      var sum = new CRC32();
      sum.update(mapped);
      String key = channel.size() + " " + Long.toHexString(sum.getValue());
      List<FeatureTerm> before = known.get(key);
      if (before != null) {
        return before;
      }
      try (var shared = Arena.ofShared();
          var executor = AnalysisThreads.executor(1)) {
        var bytes =
            Bytes.of(
                channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), shared),
                Place.of(file.toString()));
        var terms = new ArrayList<FeatureTerm>();
        for (Image image : Images.read(bytes, Limits.standard()).images()) {
          var analysis =
              new RequirementsAnalysis(
                  List.of(new PlacedImage(file.toString(), image)), Map.of(), executor);
          ContainedCode code = analysis.contained(0);
          terms.addAll(code.terms());
        }
        known.put(key, terms);
        return terms;
      }
    }
  }
}
