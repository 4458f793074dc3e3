package dev.sigill.report;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** Writes JSON: UTF-8, two blanks of indentation, line feeds on every system. */
final class Json implements AutoCloseable {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final JsonGenerator generator;

  /** Writes to a stream, which stays open. */
  Json(OutputStream out) {
    this.generator = FACTORY.createGenerator(new Indented(), out, JsonEncoding.UTF8);
  }

  /** Writes the members of an object. */
  interface Members {
    void write(Json json) throws IOException;
  }

  /** Writes one item of a list as a value. */
  interface Item<T> {
    void write(Json json, T item) throws IOException;
  }

  void object(Members members) throws IOException {
    generator.writeStartObject();
    members.write(this);
    generator.writeEndObject();
  }

  void object(String name, Members members) throws IOException {
    generator.writeName(name);
    object(members);
  }

  <T> void list(String name, List<T> items, Item<T> item) throws IOException {
    generator.writeName(name);
    generator.writeStartArray();
    for (T each : items) {
      item.write(this, each);
    }
    generator.writeEndArray();
  }

  void strings(String name, List<String> texts) throws IOException {
    list(name, texts, (json, text) -> json.generator.writeString(text));
  }

  /** Writes a text as an item of a list. */
  void text(String text) {
    generator.writeString(text);
  }

  void string(String name, @Nullable String text) {
    generator.writeName(name);
    if (text == null) {
      generator.writeNull();
    } else {
      generator.writeString(text);
    }
  }

  void number(String name, long value) {
    generator.writeName(name);
    generator.writeNumber(value);
  }

  void decimal(String name, double value) {
    generator.writeName(name);
    generator.writeNumber(value);
  }

  /** Writes a text, number, truth, null, list or map as it is. */
  void any(String name, @Nullable Object value) {
    generator.writeName(name);
    any(value);
  }

  private void any(@Nullable Object value) {
    switch (value) {
      case null -> generator.writeNull();
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case BigInteger number -> generator.writeNumber(number);
      case Number number -> generator.writeNumber(number.doubleValue());
      case Boolean truth -> generator.writeBoolean(truth);
      case List<?> list -> {
        generator.writeStartArray();
        list.forEach(this::any);
        generator.writeEndArray();
      }
      case Map<?, ?> map -> {
        generator.writeStartObject();
        map.forEach((key, each) -> any(String.valueOf(key), each));
        generator.writeEndObject();
      }
      default -> generator.writeString(value.toString());
    }
  }

  void truth(String name, boolean value) {
    generator.writeName(name);
    generator.writeBoolean(value);
  }

  void nothing(String name) {
    generator.writeName(name);
    generator.writeNull();
  }

  /** An address as a string, since JSON's numbers may lose digits: {@code 0x2e77b1e}. */
  void address(String name, long address) {
    string(name, "0x" + Long.toHexString(address));
  }

  @Override
  public void close() {
    generator.writeRaw('\n');
    generator.close();
  }

  private static final class Indented extends ObjectWriteContext.Base {
    @Override
    public PrettyPrinter getPrettyPrinter() {
      var indenter = new DefaultIndenter("  ", "\n");
      var separators =
          Separators.createDefaultInstance()
              .withObjectNameValueSpacing(Separators.Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator("");
      return new DefaultPrettyPrinter(separators)
          .withObjectIndenter(indenter)
          .withArrayIndenter(indenter);
    }

    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }
  }
}
