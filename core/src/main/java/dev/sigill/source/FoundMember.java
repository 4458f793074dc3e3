package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A native file that was found while listing. */
final class FoundMember implements Member {
  private static final long WINDOW = 1L << 20;

  private final String path;
  private final String address;
  private final Content content;
  private final Room room;
  private volatile @Nullable Bytes bytes;
  private volatile @Nullable String sha256;
  private @Nullable UnreadableException failure;

  FoundMember(String path, String address, Content content, Room room) {
    this.path = path;
    this.address = address;
    this.content = content;
    this.room = room;
  }

  Content content() {
    return content;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public long size() {
    return content.size();
  }

  @Override
  public String identity() {
    return content.identity();
  }

  @Override
  public Bytes bytes() throws IOException {
    Bytes known = bytes;
    if (known != null) {
      return known;
    }
    synchronized (this) {
      if (failure != null) {
        throw failure;
      }
      known = bytes;
      if (known == null) {
        try {
          known = content.bytes(room);
        } catch (UnreadableException e) {
          failure = e;
          throw e;
        }
        bytes = known;
      }
      return known;
    }
  }

  @Override
  public String sha256() throws IOException {
    String known = sha256;
    if (known == null) {
      known = hash(bytes());
      sha256 = known;
    }
    return known;
  }

  private static String hash(Bytes all) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (long at = 0; at < all.length(); at += WINDOW) {
        ByteBuffer part =
            all.segment().asSlice(at, Math.min(WINDOW, all.length() - at)).asByteBuffer();
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return address;
  }
}
