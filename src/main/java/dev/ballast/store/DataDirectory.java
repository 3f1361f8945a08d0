package dev.ballast.store;

import dev.ballast.store.DataDirectoryException.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory that one process of Ballast keeps everything in: the database, the evidence of
 * failures, and a lock that keeps a second process out. The operating system drops the lock with
 * its process, however that dies.
 */
public final class DataDirectory implements AutoCloseable {
  /** With less room than this a database would soon fail in the middle of a job. */
  static final long MINIMUM_FREE_BYTES = 64L << 20;

  private static final String LOCK = "ballast.lock";
  private static final String OWNER = "ballast.owner";

  // POSIX drops a process's lock when it closes any descriptor of the file: a directory that is
  // open here must be recognised without touching its lock file.
  private static final Map<Path, DataDirectory> OPEN = new ConcurrentHashMap<>();

  /** The process that has the directory open, and where its server listens, if it does. */
  public record Owner(OptionalLong pid, Optional<URI> server) {}

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /** Creates the directory where needed and takes it; throws {@link DataDirectoryException}. */
  public static DataDirectory open(Path path) {
    return open(path, MINIMUM_FREE_BYTES);
  }

  static DataDirectory open(Path path, long minimumFreeBytes) {
    Path real = create(path);
    checkWritable(real);
    checkRoom(real, minimumFreeBytes);
    synchronized (OPEN) {
      if (OPEN.containsKey(real)) {
        throw inUse(real);
      }
      DataDirectory directory = lock(real);
      OPEN.put(real, directory);
      directory.writeOwner(null);
      return directory;
    }
  }

  /** Who has the directory open now; empty when nobody has. */
  public static Optional<Owner> owner(Path path) {
    Path real;
    try {
      real = path.toRealPath();
    } catch (IOException e) {
      return Optional.empty();
    }
    synchronized (OPEN) {
      if (OPEN.containsKey(real)) {
        return Optional.of(readOwner(real));
      }
      if (!Files.exists(real.resolve(LOCK))) {
        return Optional.empty();
      }
      try (FileChannel channel = FileChannel.open(real.resolve(LOCK), StandardOpenOption.WRITE);
          FileLock free = channel.tryLock()) {
        return free == null ? Optional.of(readOwner(real)) : Optional.empty();
      } catch (IOException e) {
        return Optional.of(readOwner(real));
      }
    }
  }

  public Path path() {
    return path;
  }

  /** The DuckDB file. */
  public Path database() {
    return path.resolve("ballast.duckdb");
  }

  /** Where screenshots and console logs of failures are kept. */
  public Path evidence() {
    Path evidence = path.resolve("evidence");
    try {
      return Files.createDirectories(evidence);
    } catch (IOException e) {
      throw notWritable(evidence, e);
    }
  }

  /** Tells other processes (through {@link #owner}) where this one's server listens. */
  public void announce(URI server) {
    writeOwner(server);
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (!OPEN.remove(path, this)) {
        return;
      }
      try {
        Files.deleteIfExists(path.resolve(OWNER));
        lock.release();
        channel.close();
      } catch (IOException e) {
        throw new DataDirectoryException(
            Problem.NOT_WRITABLE,
            "%s could not be released (%s)".formatted(path, reason(e)),
            "The lock ends with this process",
            e);
      }
    }
  }

  private static Path create(Path path) {
    try {
      return Files.createDirectories(path).toRealPath();
    } catch (FileAlreadyExistsException e) {
      throw new DataDirectoryException(
          Problem.NOT_A_DIRECTORY,
          "%s is a file, not a directory".formatted(path),
          "Choose another directory with --data DIR",
          e);
    } catch (IOException e) {
      throw notWritable(path, e);
    }
  }

  private static void checkWritable(Path path) {
    Path probe = path.resolve(".probe-" + ProcessHandle.current().pid());
    try {
      Files.writeString(probe, "probe");
      Files.delete(probe);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains("No space left") || reason.contains("quota")) {
        throw full(path, 0, e);
      }
      throw notWritable(path, e);
    }
  }

  private static void checkRoom(Path path, long minimumFreeBytes) {
    try {
      long free = Files.getFileStore(path).getUsableSpace();
      if (free < minimumFreeBytes) {
        throw full(path, free, null);
      }
    } catch (IOException e) {
      throw notWritable(path, e);
    }
  }

  private static DataDirectory lock(Path path) {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DataDirectory(path, channel, lock);
      }
      channel.close();
      throw inUse(path);
    } catch (OverlappingFileLockException e) {
      throw inUse(path);
    } catch (IOException e) {
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException onClose) {
          e.addSuppressed(onClose);
        }
      }
      throw notWritable(path, e);
    }
  }

  private void writeOwner(@Nullable URI server) {
    String text =
        "pid=%d%n".formatted(ProcessHandle.current().pid())
            + (server == null ? "" : "server=%s%n".formatted(server));
    Path draft = path.resolve(OWNER + ".draft");
    try {
      Files.writeString(draft, text);
      Files.move(
          draft,
          path.resolve(OWNER),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw notWritable(path, e);
    }
  }

  private static Owner readOwner(Path path) {
    OptionalLong pid = OptionalLong.empty();
    Optional<URI> server = Optional.empty();
    try {
      for (String line : Files.readAllLines(path.resolve(OWNER))) {
        if (line.startsWith("pid=")) {
          pid = OptionalLong.of(Long.parseLong(line.substring(4)));
        } else if (line.startsWith("server=")) {
          server = Optional.of(URI.create(line.substring(7)));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // The owner is just starting or ending: that it is there is all that is known.
      return new Owner(pid, server);
    }
    return new Owner(pid, server);
  }

  private static DataDirectoryException inUse(Path path) {
    Owner owner = readOwner(path);
    String process =
        owner.pid().isPresent()
            ? "process %d".formatted(owner.pid().getAsLong())
            : "another process";
    return new DataDirectoryException(
        Problem.IN_USE,
        "%s is in use by %s%s"
            .formatted(path, process, owner.server().map(" (%s)"::formatted).orElse("")),
        owner
            .server()
            .map(
                "Talk to it with --server %s, or choose another directory with --data DIR"
                    ::formatted)
            .orElse("Stop it, or choose another directory with --data DIR"));
  }

  private static DataDirectoryException notWritable(Path path, IOException cause) {
    return new DataDirectoryException(
        Problem.NOT_WRITABLE,
        "%s cannot be written (%s)".formatted(path, reason(cause)),
        "Choose another directory with --data DIR, or give this user the right to write there",
        cause);
  }

  private static DataDirectoryException full(Path path, long freeBytes, @Nullable Throwable cause) {
    String message = "only %d MiB are free at %s".formatted(freeBytes >> 20, path);
    String advice = "Make room there, or choose another directory with --data DIR";
    return cause == null
        ? new DataDirectoryException(Problem.FULL, message, advice)
        : new DataDirectoryException(Problem.FULL, message, advice, cause);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "its folder does not exist and cannot be made";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
