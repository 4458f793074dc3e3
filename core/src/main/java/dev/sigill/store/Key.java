package dev.sigill.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of an entry: a SHA-256 digest of all that the result depends on.
 *
 * @param hex 64 hexadecimal digits
 */
public record Key(String hex) {
  public Key {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not a SHA-256 digest: " + hex);
    }
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /**
   * Collects what a result depends on, each part with its length, so that parts cannot run
   * together.
   */
  static final class Collector {
    private final MessageDigest digest = sha256();

    Collector add(String part) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      add(bytes.length);
      digest.update(bytes);
      return this;
    }

    Collector add(long number) {
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        digest.update((byte) (number >>> shift));
      }
      return this;
    }

    Key toKey() {
      return new Key(HexFormat.of().formatHex(digest.digest()));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
