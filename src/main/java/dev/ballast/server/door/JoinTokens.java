package dev.ballast.server.door;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Tokens by which workers outside the cluster join one pool, until a time. Of a token only its
 * SHA-256 is kept (it is 256 random bits, so that no slower hash is needed), one line each: {@code
 * sha256 pool expiry}. The file is read at every use: a line that is deleted, or a Secret that is
 * changed, holds at once.
 *
 * <p>Whoever shows a token may speak for workers called {@code anything@pool} only; that the pool
 * of the name is the pool that the worker joins is checked where its message is read.
 */
public final class JoinTokens implements Guard {
  private static final String PREFIX = "ballast-join-";
  private static final int RANDOM_BYTES = 32;

  private final Path file;
  private final InstantSource clock;

  private record Line(String sha256, String pool, Instant expiry) {
    static Optional<Line> of(String text) {
      String[] words = text.strip().split("\\s+", -1);
      try {
        return words.length == 3
            ? Optional.of(new Line(words[0], words[1], Instant.parse(words[2])))
            : Optional.empty();
      } catch (IllegalArgumentException | DateTimeException e) {
        return Optional.empty(); // a comment, or a slip of the pen: it opens nothing
      }
    }

    @Override
    public String toString() {
      return "%s %s %s".formatted(sha256, pool, expiry);
    }

    /** Takes as long for a digest that is nearly right as for any other. */
    boolean isOf(String shown) {
      return MessageDigest.isEqual(
          sha256.getBytes(StandardCharsets.US_ASCII), shown.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** {@code file} need not be there: then no token is known. */
  public JoinTokens(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** The name of a worker that joins {@code pool} by a token. */
  public static String workerName(String name, String pool) {
    return name + "@" + pool;
  }

  /** The pool that a worker's name confines it to, if it does. */
  public static Optional<String> poolOf(String worker) {
    int at = worker.lastIndexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(worker.substring(at + 1));
  }

  static boolean isOne(String token) {
    return token.startsWith(PREFIX);
  }

  /** Makes a token for a pool and keeps its hash; the token itself is told once, here. */
  public String make(String pool, Instant expiry) throws IOException {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Line line = new Line(hash(token), pool, expiry);
    if (Files.notExists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    return token;
  }

  @Override
  public Optional<Refusal> check(String method, String path, Optional<String> token) {
    String shown = hash(token.orElse(""));
    Optional<Line> known;
    try {
      known = lines().stream().filter(line -> line.isOf(shown)).findFirst();
    } catch (IOException e) {
      return refuse(
          Refusal.UNAVAILABLE, "no-answer", "the join tokens cannot be read: " + e.getMessage());
    }
    if (known.isEmpty()) {
      return refuse(Refusal.UNAUTHORIZED, "bad-token", "no such join token is known here");
    }
    if (!clock.instant().isBefore(known.get().expiry())) {
      return refuse(
          Refusal.UNAUTHORIZED,
          "expired-token",
          "that join token for pool %s expired at %s. Make another: bin/ballast join-token"
              .formatted(known.get().pool(), known.get().expiry()));
    }
    Optional<WorkerPath> sync = WorkerPath.of(path);
    if (sync.isEmpty()) {
      return refuse(
          Refusal.FORBIDDEN, "forbidden", "a join token opens the worker protocol, nothing else");
    }
    return poolOf(sync.get().id()).equals(Optional.of(known.get().pool()))
        ? Optional.empty()
        : refuse(
            Refusal.FORBIDDEN,
            "not-that-worker",
            "a join token of pool %s may not speak for worker %s; its name must end with @%s"
                .formatted(known.get().pool(), sync.get().id(), known.get().pool()));
  }

  private static String hash(String token) {
    return HexFormat.of().formatHex(SharedToken.digest(token));
  }

  private List<Line> lines() throws IOException {
    List<Line> lines = new ArrayList<>();
    try {
      for (String text : Files.readAllLines(file)) {
        Line.of(text).ifPresent(lines::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return lines;
  }

  private static Optional<Refusal> refuse(int status, String type, String message) {
    return Optional.of(new Refusal(status, type, message));
  }
}
