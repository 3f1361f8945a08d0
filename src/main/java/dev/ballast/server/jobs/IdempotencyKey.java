package dev.ballast.server.jobs;

import jakarta.ws.rs.BadRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What makes a submission safe to repeat: the uid of the job is made of the key and of the body, so
 * that the journal itself remembers both, across restarts, as long as it keeps the job (in a
 * cluster the TestJob remembers it, as an annotation). One half of the uid names the key in its
 * namespace, the other the body (a UUID of version 8).
 */
public record IdempotencyKey(String namespace, String key) {
  private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

  public IdempotencyKey {
    if (!FORM.matcher(key).matches()) {
      throw new BadRequestException(
          "Idempotency-Key must be 1–255 printable characters without blanks. Maybe a UUID?");
    }
  }

  /** The uid of the job that this body makes under this key. */
  public UUID uid(String body) {
    long most = (digest(namespace + "\n" + key) & ~0xf000L) | 0x8000L;
    long least = (digest(body) >>> 2) | (1L << 63);
    return new UUID(most, least);
  }

  /** Whether that job was made under this key, by this body or another. */
  public boolean made(String uid) {
    return uid.startsWith(uid("").toString().substring(0, 18));
  }

  private static long digest(String text) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(bytes).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
