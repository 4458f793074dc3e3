package dev.sigill.store;

import dev.sigill.analysis.TargetRequirements;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.python.PythonImports;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the requirements of targets. Safe for use by several threads and processes at once; never
 * throws for what the disk does.
 */
public final class RequirementsStore {
  /** How large all entries together may grow. */
  public static final long STANDARD_BYTES = 512L << 20;

  private final EntryFiles entries;

  private static final class Codec {
    static final RecordCodec<TargetRequirements> CODEC =
        new RecordCodec<>(TargetRequirements.class, List.of(featureSet()));

    static final RecordCodec<PythonImports> IMPORTS =
        new RecordCodec<>(PythonImports.class, List.of());

    private record Strings(List<String> ids) {}

    /** Sets of features are written as their ids. */
    private static RecordCodec.Substitute<FeatureSet, List<String>> featureSet() {
      Type strings = Strings.class.getRecordComponents()[0].getGenericType();
      assert strings instanceof ParameterizedType;
      return new RecordCodec.Substitute<>(
          FeatureSet.class,
          strings,
          FeatureSet::ids,
          ids -> FeatureSet.of(ids.stream().map(Feature::byId).toList()));
    }
  }

  private RequirementsStore(EntryFiles entries) {
    this.entries = entries;
  }

  /**
   * A store in a folder, which need not exist and need not be writable.
   *
   * @param folder where the entries lie
   * @param mostBytes how large they may grow together before the least used ones go
   */
  public static RequirementsStore in(Path folder, long mostBytes) {
    return new RequirementsStore(new EntryFiles(folder.resolve("requirements"), mostBytes));
  }

  /**
   * The key of a target, by the stamps of the files that its native code lies in; empty where
   * nothing about it can be kept: a file cannot be looked at, or was written to so lately that the
   * next write might not show.
   *
   * @param target the target as the user wrote it, which results repeat
   * @param files the files whose bytes the result depends on; a container counts for its members
   * @param facts whatever else it depends on: limits, names, links
   */
  public static Optional<Key> key(String target, Collection<Path> files, List<String> facts) {
    Optional<Key> code = CodeVersion.ofThisProgram();
    if (code.isEmpty()) {
      return Optional.empty();
    }
    var collector = new Key.Collector().add(code.get().hex()).add(Codec.CODEC.shape());
    collector.add(target).add(facts.size());
    facts.forEach(collector::add);
    Instant now = Instant.now();
    Set<Path> distinct = new LinkedHashSet<>(files);
    collector.add(distinct.size());
    try {
      for (Path file : distinct) {
        FileStamp stamp = FileStamp.of(file);
        if (!stamp.isSettledAt(now)) {
          return Optional.empty();
        }
        collector.add(file.toString());
        stamp.addTo(collector);
      }
    } catch (IOException | SecurityException e) {
      return Optional.empty();
    }
    return Optional.of(collector.toKey());
  }

  /**
   * The key of results that hold only where further facts do; files are not looked at again.
   *
   * @param key the key of what holds without them
   * @param facts what they depend on besides
   */
  public static Key narrowed(Key key, List<String> facts) {
    var collector = new Key.Collector().add(key.hex()).add(facts.size());
    facts.forEach(collector::add);
    return collector.toKey();
  }

  /** What was kept under a key. */
  public Optional<TargetRequirements> get(Key key) {
    Optional<byte[]> content = entries.get(key);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Codec.CODEC.read(content.get()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What was kept under a key of what Python code loads. */
  public Optional<PythonImports> imports(Key key) {
    Optional<byte[]> content = entries.get(key);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Codec.IMPORTS.read(content.get()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Keeps what Python code loads; whether it is kept now. */
  public boolean put(Key key, PythonImports imports) {
    try {
      return entries.put(key, Codec.IMPORTS.write(imports));
    } catch (IOException e) {
      return false;
    }
  }

  /** Keeps requirements; whether they are kept now. */
  public boolean put(Key key, TargetRequirements requirements) {
    try {
      return entries.put(key, Codec.CODEC.write(requirements));
    } catch (IOException e) {
      return false;
    }
  }
}
