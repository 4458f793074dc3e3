package dev.sigill.bytes;

/**
 * Something in a file that could not be read as its format promises.
 *
 * @param code what kind of defect it is
 * @param place the file and offset at which it was met
 * @param field the field or structure concerned, in the specification's own spelling ({@code
 *     e_shnum}, {@code central directory entry 5})
 * @param actual the value met, or -1 where no single value is at fault
 * @param limit the bound that the value broke, or -1 where there is none
 * @param effect what could not be looked at because of it
 */
public record Problem(
    Code code, Place place, String field, long actual, long limit, Effect effect) {

  /** The kind of defect. */
  public enum Code {
    /** The file ends before the structure does. */
    TRUNCATED,
    /** An offset, count or size points outside what holds it. */
    OUT_OF_RANGE,
    /** A signature or magic number is wrong. */
    BAD_MAGIC,
    /** A field has a value that the specification does not allow. */
    BAD_VALUE,
    /** Structures refer to one another in a circle or nest too deeply. */
    CYCLE,
    /** A limit of ours was reached: size, count, depth or expansion. */
    LIMIT,
    /** A form that the specification knows and this reader does not. */
    UNSUPPORTED,
    /** The operating system refused to hand over the bytes. */
    UNREADABLE,
    /** A name in a container would leave the container. */
    PATH_ESCAPE,
    /** Compressed data is damaged. */
    CORRUPT,
    /** A fault of this program, met on this file. */
    FAULT
  }

  /** What is lost. */
  public enum Effect {
    /** The whole file could not be looked at. */
    FILE_LOST,
    /** A part that matters to the verdict could not be looked at. */
    PART_LOST,
    /** Nothing that matters to the verdict was lost. */
    NOTHING_LOST
  }

  /** The defect in one line: place, field, value and limit in hexadecimal. */
  public String message() {
    var text = new StringBuilder(place.toString()).append(": ").append(field);
    String what =
        switch (code) {
          case TRUNCATED -> "goes past the end of the file";
          case OUT_OF_RANGE -> "is out of range";
          case BAD_MAGIC -> "has a wrong signature";
          case BAD_VALUE -> "has a value that is not allowed";
          case CYCLE -> "refers back to itself or nests too deeply";
          case LIMIT -> "is beyond the limit for one file";
          case UNSUPPORTED -> "has a form that is not supported";
          case UNREADABLE -> "could not be read";
          case PATH_ESCAPE -> "leads out of its container";
          case CORRUPT -> "is damaged";
          case FAULT -> "met a fault of this program; please report it with the file";
        };
    text.append(' ').append(what);
    if (actual >= 0) {
      text.append(": 0x").append(Long.toHexString(actual));
      if (limit >= 0) {
        text.append(" (limit 0x").append(Long.toHexString(limit)).append(')');
      }
    }
    return text.toString();
  }
}
