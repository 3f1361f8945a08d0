package dev.ballast.worker.measure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The machine's turn to measure: whoever holds it is the only one, in this process and in every
 * other that uses the same directory, whose measured phase runs.
 *
 * <p>A turn is good for two blocks of samples, the first one after a pause for one. So two browsers
 * that are compared run
 *
 * <pre>A BB AA BB … = ABBA BAAB …</pre>
 *
 * and whatever drifts linearly with time (heat, memory, a neighbour) falls on both alike.
 *
 * <p>Within a process the turn goes round in the order of asking. Between processes it is a file
 * lock, which ends with its process, however that ends. A second lock is the place at the door:
 * only who stands there may wait for the turn, so that a process that gives the turn away cannot
 * overtake one that waits.
 */
public final class MeasureTurn {
  /** Without a holder for this long, the next one opens a new alternation. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(5);
  private static final Map<Path, MeasureTurn> TURNS = new ConcurrentHashMap<>();

  private final Path directory;
  private final Semaphore process = new Semaphore(1, true);
  private final Activity activity = new Activity();

  private MeasureTurn(Path directory) {
    this.directory = directory;
  }

  /** The turn of all users of this machine. */
  public static MeasureTurn ofThisMachine() {
    return in(Path.of(System.getProperty("java.io.tmpdir"), "ballast-turn"));
  }

  /** The turn kept in that directory, which is created when needed; one object for each. */
  public static MeasureTurn in(Path directory) {
    return TURNS.computeIfAbsent(directory.toAbsolutePath().normalize(), MeasureTurn::new);
  }

  /** The right to measure, until closed. */
  public final class Turn implements AutoCloseable {
    private final FileChannel channel;
    private final Activity.Span span;
    private final int blocks;
    private boolean open = true;

    private Turn(FileChannel channel, int blocks) {
      this.channel = channel;
      this.blocks = blocks;
      this.span = activity.begin();
    }

    /** How many blocks to run before giving it back: 2, or 1 for who opens an alternation. */
    public int blocks() {
      return blocks;
    }

    /** Whether other measured work, that did not ask for the turn, ran meanwhile. */
    public boolean overlapped() {
      return span.overlapped();
    }

    @Override
    public synchronized void close() {
      if (!open) {
        return;
      }
      open = false;
      activity.end(span);
      try (channel) {
        // The time of this write tells the next holder, of any process, how long nobody measured.
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}), 0);
      } catch (IOException e) {
        // The lock goes with the channel whatever happened; at worst the next turn is a short one.
        System.getLogger(MeasureTurn.class.getName())
            .log(System.Logger.Level.WARNING, "could not mark the end of a turn", e);
      } finally {
        process.release();
      }
    }
  }

  /** Measured work that shares the machine (isolation {@code Shared}), until closed. */
  public final class Shared implements AutoCloseable {
    private final Activity.Span span = activity.begin();

    private Shared() {}

    /** Whether other measured work of this process ran meanwhile. */
    public boolean overlapped() {
      return span.overlapped();
    }

    @Override
    public void close() {
      activity.end(span);
    }
  }

  /** Says that a measured block runs now without the turn, so that others know. */
  public Shared share() {
    return new Shared();
  }

  /**
   * Waits for the turn; empty when it did not come in time.
   *
   * @throws IOException when the directory cannot be used, for example because another user's
   *     program made it unwritable
   */
  public Optional<Turn> take(Duration timeout) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!process.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    Turn turn = null;
    try {
      turn = takeFromOtherProcesses(deadline);
      return Optional.ofNullable(turn);
    } finally {
      if (turn == null) {
        process.release();
      }
    }
  }

  private @Nullable Turn takeFromOtherProcesses(long deadline)
      throws IOException, InterruptedException {
    createDirectory();
    FileChannel turn = null;
    try (FileChannel door = open("door.lock")) {
      if (!lock(door, deadline)) {
        return null;
      }
      turn = open("turn.lock");
      if (!lock(turn, deadline)) {
        turn.close();
        return null;
      }
      return new Turn(turn, opensAlternation(turn) ? 1 : 2);
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (turn != null) {
        turn.close();
      }
      throw e;
    }
  }

  /** An empty file was never released by anyone. */
  private boolean opensAlternation(FileChannel turn) throws IOException {
    Instant released = Files.getLastModifiedTime(directory.resolve("turn.lock")).toInstant();
    return turn.size() == 0 || released.plus(PAUSE).isBefore(Instant.now());
  }

  /** Polls, because a blocking lock cannot be given up after a time. */
  private static boolean lock(FileChannel channel, long deadline)
      throws IOException, InterruptedException {
    while (true) {
      if (tryLock(channel) != null) {
        return true;
      }
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      Thread.sleep(POLL);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held in this process through another path to the same directory
    }
  }

  /** Anyone may use it, only the owner of a file may remove it, as in the temporary directory. */
  private void createDirectory() throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectories(directory.toAbsolutePath().getParent());
        Files.createDirectory(directory);
        openToAll(directory, "rwxrwxrwx");
        if (posix(directory)) {
          Files.setAttribute(directory, "unix:mode", 01777);
        }
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(
              "%s must be a directory to take turns in, and is not. Maybe remove it?"
                  .formatted(directory),
              e);
        }
      }
    }
  }

  /** Never through a symbolic link: the directory may be writable by everyone. */
  private FileChannel open(String name) throws IOException {
    Path file = directory.resolve(name);
    try {
      return FileChannel.open(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException absent) {
      try {
        FileChannel created =
            FileChannel.open(
                file,
                Set.of(
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE_NEW,
                    LinkOption.NOFOLLOW_LINKS));
        openToAll(file, "rw-rw-rw-");
        return created;
      } catch (FileAlreadyExistsException createdByAnother) {
        return FileChannel.open(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
      }
    }
  }

  private static void openToAll(Path path, String permissions) throws IOException {
    if (posix(path)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /** The measured work of this process, and which of it overlapped. */
  private static final class Activity {
    private final Set<Span> spans = ConcurrentHashMap.newKeySet();

    static final class Span {
      private volatile boolean overlapped;

      boolean overlapped() {
        return overlapped;
      }
    }

    synchronized Span begin() {
      Span span = new Span();
      span.overlapped = !spans.isEmpty();
      spans.forEach(other -> other.overlapped = true);
      spans.add(span);
      return span;
    }

    synchronized void end(Span span) {
      spans.remove(span);
    }
  }
}
