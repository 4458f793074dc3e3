package dev.sigill.store;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes records as bytes and reads them back. The form follows from the record's own components,
 * so there is nothing to keep in step by hand: {@link #shape()} names every component and constant,
 * and is part of the key under which entries are kept, so a changed record finds no old entries.
 *
 * <p>Components are records, enums, strings, {@code int}, {@code long}, {@code boolean}, and lists,
 * maps and optionals of these; null is none of them. Numbers are written in groups of seven bits,
 * low ones first, with the sign folded in; a string that was written before is written as its
 * number.
 *
 * @param <T> the record
 */
final class RecordCodec<T extends Record> {
  /** A type and how it is written and read. */
  private interface Form {
    void write(Object value, Output out) throws IOException;

    Object read(Input in) throws IOException;
  }

  /** A type that is written as another one. */
  record Substitute<A, B>(
      Class<A> type, Type writtenAs, Function<A, B> toWritten, Function<B, A> fromWritten) {}

  private final Map<Type, Form> forms = new HashMap<>();
  private final Map<Type, Substitute<?, ?>> substitutes = new HashMap<>();
  private final Map<String, String> shapes = new LinkedHashMap<>();
  private final Class<T> type;
  private final Form root;

  RecordCodec(Class<T> type, List<Substitute<?, ?>> substitutes) {
    this.type = type;
    substitutes.forEach(s -> this.substitutes.put(s.type(), s));
    this.root = form(type);
  }

  /** The names and types of all components and constants concerned, for the key. */
  String shape() {
    return shapes.toString();
  }

  byte[] write(T value) throws IOException {
    var out = new Output();
    root.write(value, out);
    return out.toBytes();
  }

  /**
   * @throws IOException where the bytes are not what {@link #write} gives
   */
  T read(byte[] bytes) throws IOException {
    var in = new Input(bytes);
    try {
      T value = type.cast(root.read(in));
      if (!in.isAtEnd()) {
        throw new IOException("more bytes than the record has");
      }
      return value;
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new IOException("not a valid record", e);
    }
  }

  private Form form(Type wanted) {
    Form known = forms.get(wanted);
    if (known == null) {
      known = create(wanted);
      forms.put(wanted, known);
    }
    return known;
  }

  private Form create(Type wanted) {
    Substitute<?, ?> substitute = substitutes.get(wanted);
    if (substitute != null) {
      shapes.put(wanted.getTypeName(), substitute.writtenAs().getTypeName());
      return substituted(substitute);
    }
    if (wanted instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return list(form(arguments[0]));
      }
      if (generic.getRawType() == Optional.class) {
        return optional(form(arguments[0]));
      }
      if (generic.getRawType() == Map.class) {
        return map(form(arguments[0]), form(arguments[1]));
      }
    }
    if (wanted instanceof Class<?> plain) {
      if (plain.isRecord()) {
        return record(plain);
      }
      if (plain.isEnum()) {
        return constants(plain);
      }
      if (plain == String.class) {
        return STRING;
      }
      if (plain == int.class) {
        return INT;
      }
      if (plain == long.class) {
        return LONG;
      }
      if (plain == boolean.class) {
        return BOOLEAN;
      }
    }
    throw new IllegalArgumentException("cannot be kept: " + wanted.getTypeName());
  }

  private static final Form STRING =
      new Form() {
        @Override
        public void write(Object value, Output out) {
          out.string((String) value);
        }

        @Override
        public Object read(Input in) throws IOException {
          return in.string();
        }
      };

  private static final Form INT =
      new Form() {
        @Override
        public void write(Object value, Output out) {
          out.number((Integer) value);
        }

        @Override
        public Object read(Input in) throws IOException {
          long value = in.number();
          if (value != (int) value) {
            throw new IOException("not an int: " + value);
          }
          return (int) value;
        }
      };

  private static final Form LONG =
      new Form() {
        @Override
        public void write(Object value, Output out) {
          out.number((Long) value);
        }

        @Override
        public Object read(Input in) throws IOException {
          return in.number();
        }
      };

  private static final Form BOOLEAN =
      new Form() {
        @Override
        public void write(Object value, Output out) {
          out.count((Boolean) value ? 1 : 0);
        }

        @Override
        public Object read(Input in) throws IOException {
          return in.index(2) == 1;
        }
      };

  private static Form list(Form element) {
    return new Form() {
      @Override
      public void write(Object value, Output out) throws IOException {
        List<?> list = (List<?>) value;
        out.count(list.size());
        for (Object item : list) {
          element.write(item, out);
        }
      }

      @Override
      public Object read(Input in) throws IOException {
        int count = in.size();
        var list = new ArrayList<Object>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
          list.add(element.read(in));
        }
        return list;
      }
    };
  }

  private static Form map(Form key, Form element) {
    return new Form() {
      @Override
      public void write(Object value, Output out) throws IOException {
        Map<?, ?> map = (Map<?, ?>) value;
        out.count(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          key.write(entry.getKey(), out);
          element.write(entry.getValue(), out);
        }
      }

      @Override
      public Object read(Input in) throws IOException {
        int count = in.size();
        var map = new LinkedHashMap<Object, Object>();
        for (int i = 0; i < count; i++) {
          Object k = key.read(in);
          map.put(k, element.read(in));
        }
        return map;
      }
    };
  }

  private static Form optional(Form element) {
    return new Form() {
      @Override
      public void write(Object value, Output out) throws IOException {
        Optional<?> optional = (Optional<?>) value;
        out.count(optional.isPresent() ? 1 : 0);
        if (optional.isPresent()) {
          element.write(optional.get(), out);
        }
      }

      @Override
      public Object read(Input in) throws IOException {
        return in.index(2) == 1 ? Optional.of(element.read(in)) : Optional.empty();
      }
    };
  }

  private Form constants(Class<?> plain) {
    Object[] constants = plain.getEnumConstants();
    shapes.put(plain.getName(), Arrays.toString(constants(plain.getEnumConstants())));
    return new Form() {
      @Override
      public void write(Object value, Output out) {
        out.count(((Enum<?>) value).ordinal());
      }

      @Override
      public Object read(Input in) throws IOException {
        return constants[in.index(constants.length)];
      }
    };
  }

  private static String[] constants(Object[] values) {
    return Arrays.stream(values).map(v -> ((Enum<?>) v).name()).toArray(String[]::new);
  }

  private Form record(Class<?> plain) {
    RecordComponent[] components = plain.getRecordComponents();
    var accessors = new Method[components.length];
    var types = new Class<?>[components.length];
    var parts = new Form[components.length];
    var shape = new StringBuilder();
    for (int i = 0; i < components.length; i++) {
      accessors[i] = components[i].getAccessor();
      types[i] = components[i].getType();
      parts[i] = form(components[i].getGenericType());
      shape
          .append(components[i].getName())
          .append(':')
          .append(components[i].getGenericType().getTypeName())
          .append(' ');
    }
    shapes.put(plain.getName(), shape.toString());
    Constructor<?> constructor;
    try {
      constructor = plain.getDeclaredConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record has its constructor", e);
    }
    return new Form() {
      @Override
      public void write(Object value, Output out) throws IOException {
        for (int i = 0; i < parts.length; i++) {
          try {
            parts[i].write(accessors[i].invoke(value), out);
          } catch (ReflectiveOperationException e) {
            throw new IOException("cannot read " + plain.getName(), e);
          }
        }
      }

      @Override
      public Object read(Input in) throws IOException {
        var values = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
          values[i] = parts[i].read(in);
        }
        try {
          return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
          throw new IOException("not a valid " + plain.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
          throw new IOException("cannot make " + plain.getName(), e);
        }
      }
    };
  }

  private <A, B> Form substituted(Substitute<A, B> substitute) {
    Form written = form(substitute.writtenAs());
    return new Form() {
      @Override
      public void write(Object value, Output out) throws IOException {
        written.write(substitute.toWritten().apply(substitute.type().cast(value)), out);
      }

      @Override
      @SuppressWarnings("unchecked")
      public Object read(Input in) throws IOException {
        return substitute.fromWritten().apply((B) written.read(in));
      }
    };
  }

  /** Bytes to come. */
  private static final class Output {
    private final Map<String, Integer> numbers = new HashMap<>();
    private byte[] bytes = new byte[1 << 12];
    private int length;

    void string(String text) {
      Integer number = numbers.putIfAbsent(text, numbers.size());
      if (number != null) {
        count(number + 1);
        return;
      }
      count(0);
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      count(utf8.length);
      room(utf8.length);
      System.arraycopy(utf8, 0, bytes, length, utf8.length);
      length += utf8.length;
    }

    void number(long value) {
      groups((value << 1) ^ (value >> 63));
    }

    void count(int value) {
      groups(value);
    }

    private void groups(long value) {
      room(10);
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes[length++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[length++] = (byte) rest;
    }

    private void room(int more) {
      if (bytes.length - length < more) {
        bytes = Arrays.copyOf(bytes, Math.addExact(Math.max(bytes.length, more), bytes.length));
      }
    }

    byte[] toBytes() {
      return Arrays.copyOf(bytes, length);
    }
  }

  /** Bytes that may be anything. */
  private static final class Input {
    private final byte[] bytes;
    private final List<String> strings = new ArrayList<>();
    private int position;

    Input(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean isAtEnd() {
      return position == bytes.length;
    }

    String string() throws IOException {
      int number = index(strings.size() + 1);
      if (number > 0) {
        return strings.get(number - 1);
      }
      int size = size();
      var text = new String(bytes, position, size, StandardCharsets.UTF_8);
      position += size;
      strings.add(text);
      return text;
    }

    long number() throws IOException {
      long value = groups();
      return (value >>> 1) ^ -(value & 1);
    }

    /** A number from 0 below a bound. */
    int index(int bound) throws IOException {
      long value = groups();
      if (value < 0 || value >= bound) {
        throw new IOException("number out of range: " + value);
      }
      return (int) value;
    }

    /** A number of bytes or elements, of which each takes a byte or more. */
    int size() throws IOException {
      long value = groups();
      if (value < 0 || value > bytes.length - position) {
        throw new IOException("size out of range: " + value);
      }
      return (int) value;
    }

    private long groups() throws IOException {
      long value = 0;
      for (int shift = 0; shift < Long.SIZE; shift += 7) {
        if (position == bytes.length) {
          throw new IOException("ends too early");
        }
        byte next = bytes[position++];
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IOException("number too long");
    }
  }
}
