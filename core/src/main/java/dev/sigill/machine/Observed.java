package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A processor as a text or the running system shows it, before it is a machine.
 *
 * @param architecture of the processor that the text shows
 * @param features what it reports
 * @param absent what it reports as missing, in so many words
 * @param title its name as it calls itself, or empty
 * @param id what its numbers mean; null where not known
 * @param hypervisor the hypervisor it runs under, or empty
 * @param source what was read
 */
record Observed(
    Architecture architecture,
    FeatureSet features,
    FeatureSet absent,
    String title,
    @Nullable ProcessorId id,
    String hypervisor,
    String source) {

  /** The name that a person would give it: its own, with what its numbers mean. */
  String fullTitle() {
    if (id == null) {
      return title.isEmpty() ? "a processor of " + architecture.id() : title;
    }
    if (title.isEmpty()) {
      return id.title();
    }
    String meant =
        id.title().replaceFirst("^(Intel|AMD|Arm|Apple) ", "").replaceFirst(" \\(.*", "");
    return title.toLowerCase(Locale.ROOT).contains(meant.toLowerCase(Locale.ROOT))
        ? title
        : title + " (" + meant + ")";
  }

  /** The machine that it is with a system; pages of {@code pageSize} bytes, 0 for not known. */
  Machine machine(String name, SystemProfile system, int pageSize) {
    FeatureSet executes = features;
    Machine known = known().orElse(null);
    if (known != null && isApple()) {
      // An old macOS does not know the names of what the chip has.
      executes = features.with(known.executes().without(absent));
    }
    int page =
        pageSize > 0
            ? pageSize
            : architecture == Architecture.X86_64
                ? 4096
                : isApple() && known != null ? known.pageSize() : 0;
    return new Machine(
        name,
        fullTitle() + (system.isAny() ? "" : ", " + system.title()),
        architecture,
        features,
        executes,
        FeatureSet.empty(),
        Translator.NONE,
        architecture,
        system,
        page,
        List.of(source));
  }

  /** The machine of the catalog that its numbers mean. */
  Optional<Machine> known() {
    return id == null || id.machine().isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(Catalog.standard().machine(id.machine()));
  }

  private boolean isApple() {
    return id != null && id.machine().matches("m[0-9]+");
  }

  /** The features of Linux's words for one architecture; words for other things are left out. */
  static FeatureSet ofLinuxWords(String words, Architecture architecture) {
    var features = new ArrayList<Feature>();
    for (String word : words.strip().split("\\s+")) {
      for (Feature feature : Feature.ofLinuxName(word)) {
        if (feature.architecture() == architecture) {
          features.add(feature);
        }
      }
    }
    return FeatureSet.of(features);
  }
}
