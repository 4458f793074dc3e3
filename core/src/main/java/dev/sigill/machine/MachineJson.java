package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a machine from JSON: the answer of {@code sigill machines --format json} (its first
 * machine), one machine of it alone, or the output of {@code lscpu -J}.
 */
final class MachineJson {
  private static final int DEPTH = 32;

  private MachineJson() {}

  /**
   * The machine that a JSON text describes.
   *
   * @throws IllegalArgumentException where the text is no JSON, or describes no machine
   */
  static Machine read(String text, String name) {
    Object root;
    try {
      root = parse(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(name + " is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!(root instanceof Map<?, ?> object)) {
      throw new IllegalArgumentException(name + " is JSON, but no object");
    }
    if (object.get("lscpu") instanceof List<?> fields) {
      var lines = new StringBuilder();
      lscpu(fields, lines);
      Observed seen = LinuxText.lscpu(lines.toString());
      if (seen == null) {
        throw new IllegalArgumentException(name + ": lscpu shows no flags of a processor");
      }
      return seen.machine(name, SystemProfile.ANY, 0);
    }
    if (object.get("machines") instanceof List<?> machines) {
      if (machines.isEmpty() || !(machines.getFirst() instanceof Map<?, ?> first)) {
        throw new IllegalArgumentException(name + ": \"machines\" holds no machine");
      }
      return machine(first, name);
    }
    return machine(object, name);
  }

  private static void lscpu(List<?> fields, StringBuilder lines) {
    for (Object field : fields) {
      if (field instanceof Map<?, ?> map) {
        lines.append(map.get("field")).append(' ').append(map.get("data")).append('\n');
        if (map.get("children") instanceof List<?> children) {
          lscpu(children, lines);
        }
      }
    }
  }

  private static Machine machine(Map<?, ?> json, String fallbackName) {
    Architecture architecture = architecture(json, "architecture", fallbackName);
    String own = text(json, "name", "");
    // "this" names another computer where the file is read.
    String name = own.isEmpty() || own.equals("this") ? fallbackName : own;
    FeatureSet executes = features(json, "executes", architecture, fallbackName);
    FeatureSet advertised =
        json.get("advertised") == null
            ? executes
            : features(json, "advertised", architecture, fallbackName);
    FeatureSet uncertain = features(json, "uncertain", architecture, fallbackName);
    if (json.get("executes") == null) {
      executes = advertised;
    }
    if (json.get("executes") == null && json.get("advertised") == null) {
      throw new IllegalArgumentException(
          fallbackName + ": a machine needs \"executes\" or \"advertised\", lists of features");
    }
    return new Machine(
        name,
        text(json, "title", name),
        architecture,
        advertised,
        executes,
        uncertain,
        translator(json, fallbackName),
        json.get("hostArchitecture") == null
            ? architecture
            : architecture(json, "hostArchitecture", fallbackName),
        system(json, fallbackName),
        pageSize(json, fallbackName),
        sources(json));
  }

  private static Architecture architecture(Map<?, ?> json, String field, String place) {
    String spelling = text(json, field, "");
    Architecture architecture = Architecture.of(spelling);
    if (architecture == Architecture.OTHER) {
      throw new IllegalArgumentException(
          place + ": \"" + field + "\" is \"" + spelling + "\", which is no architecture");
    }
    return architecture;
  }

  private static FeatureSet features(
      Map<?, ?> json, String field, Architecture architecture, String place) {
    Object value = json.get(field);
    if (value == null) {
      return FeatureSet.empty();
    }
    if (!(value instanceof List<?> list)) {
      throw new IllegalArgumentException(place + ": \"" + field + "\" is no list");
    }
    var features = new ArrayList<Feature>();
    for (Object id : list) {
      Feature feature = id instanceof String text ? Feature.find(text) : null;
      if (feature == null || feature.architecture() != architecture) {
        List<String> near =
            Spelling.near(
                String.valueOf(id), Feature.of(architecture).stream().map(Feature::id).toList());
        throw new IllegalArgumentException(
            place
                + ": \""
                + field
                + "\" names \""
                + id
                + "\", which is no feature of "
                + architecture.id()
                + (near.isEmpty() ? "" : "; near it: " + String.join(", ", near)));
      }
      features.add(feature);
    }
    return FeatureSet.of(features);
  }

  private static Translator translator(Map<?, ?> json, String place) {
    String id = text(json, "translator", "");
    if (id.isEmpty() || id.equals("none")) {
      return Translator.NONE;
    }
    Translator translator = Translator.ofId(id);
    if (translator == null) {
      throw new IllegalArgumentException(place + ": no translator is called \"" + id + "\"");
    }
    return translator;
  }

  private static SystemProfile system(Map<?, ?> json, String place) {
    Object value = json.get("system");
    if (value == null) {
      return SystemProfile.ANY;
    }
    if (value instanceof String name) {
      Catalog.SystemRow row = Catalog.standard().system(name);
      if (row == null) {
        throw new IllegalArgumentException(place + ": no system is called \"" + name + "\"");
      }
      return row.profile();
    }
    if (!(value instanceof Map<?, ?> object)) {
      throw new IllegalArgumentException(place + ": \"system\" is no object");
    }
    String name = text(object, "name", "");
    String id = text(object, "system", "");
    OperatingSystem system = OperatingSystem.UNKNOWN;
    for (OperatingSystem one : OperatingSystem.values()) {
      system = one.id().equals(id) ? one : system;
    }
    Libc libc = Libc.NONE;
    String kind = text(object, "libc", "none");
    for (Libc one : Libc.values()) {
      libc = one.name().toLowerCase(Locale.ROOT).equals(kind) ? one : libc;
    }
    Catalog.SystemRow row = name.isEmpty() ? null : Catalog.standard().system(name);
    return new SystemProfile(
        name,
        text(object, "title", name),
        system,
        new Version(text(object, "version", "")),
        libc,
        new Version(text(object, "libcVersion", "")),
        new Version(text(object, "glibcxx", "")),
        row == null ? 0 : row.profile().requiredLevel());
  }

  private static int pageSize(Map<?, ?> json, String place) {
    Object value = json.get("pageSize");
    if (value == null) {
      return 0;
    }
    if (value instanceof Long size
        && (size == 0 || size >= 4096 && size <= 1 << 24 && Long.bitCount(size) == 1)) {
      return size.intValue();
    }
    throw new IllegalArgumentException(place + ": \"pageSize\" is " + value + ", which no page is");
  }

  private static List<String> sources(Map<?, ?> json) {
    var sources = new ArrayList<String>();
    if (json.get("sources") instanceof List<?> list) {
      for (Object source : list) {
        sources.add(String.valueOf(source));
      }
    }
    return sources;
  }

  private static String text(Map<?, ?> json, String field, String otherwise) {
    return json.get(field) instanceof String text ? text : otherwise;
  }

  /** Objects as maps, arrays as lists, integers as longs; by the streaming parser alone. */
  private static @Nullable Object parse(String text) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
            .build();
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("there is more after the end of the JSON");
      }
      return value;
    }
  }

  private static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String key = parser.currentName();
          parser.nextToken();
          map.put(key, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (Object) parser.getString()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getString();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      default -> null;
    };
  }
}
