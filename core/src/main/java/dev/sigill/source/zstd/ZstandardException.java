package dev.sigill.source.zstd;

import java.io.IOException;

/** Packed bytes are not as RFC 8878 has them, or beyond what is taken. */
public final class ZstandardException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Kind {
    /** The bytes end before the frame does. */
    TRUNCATED,
    /** The bytes cannot be what a packer wrote. */
    CORRUPT,
    /** The specification knows it, and this reader does not. */
    UNSUPPORTED
  }

  private final Kind kind;
  private final String field;

  ZstandardException(Kind kind, String field) {
    super(field + ": " + kind);
    this.kind = kind;
    this.field = field;
  }

  static ZstandardException corrupt(String field) {
    return new ZstandardException(Kind.CORRUPT, field);
  }

  /** What is wrong. */
  public Kind kind() {
    return kind;
  }

  /** The field or structure concerned, in the specification's spelling. */
  public String field() {
    return field;
  }
}
