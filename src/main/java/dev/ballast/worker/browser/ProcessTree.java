package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process with all it starts, and its directory. Every process inherits the variable {@code
 * BALLAST_BROWSER}, which names the directory: so they are found again after their parent died.
 */
final class ProcessTree implements AutoCloseable, Footprint {
  private static final System.Logger LOG = System.getLogger(ProcessTree.class.getName());
  private static final Duration DEATH = Duration.ofSeconds(3);
  private static final int DELETE_TRIES = 5;
  private static final Duration POLL = Duration.ofMillis(20);

  // A Unix socket's path has about 100 bytes, and browsers put sockets into TMPDIR.
  private static final int LONGEST_SOCKET_DIRECTORY = 60;

  private final Path directory;
  private final Process root;
  private final ProcessOutput output;
  private final OrphanGuard guard;

  private ProcessTree(Path directory, Process root, ProcessOutput output, OrphanGuard guard) {
    this.directory = directory;
    this.root = root;
    this.output = output;
    this.guard = guard;
  }

  /** A new directory for a browser, below {@code parent}. */
  static Path directory(Path parent, BrowserKind kind) throws BrowserException {
    try {
      Files.createDirectories(parent);
      // Shorter than what createTempDirectory makes: see LONGEST_SOCKET_DIRECTORY.
      String name = kind + "-" + UUID.randomUUID().toString().substring(0, 8);
      return Files.createDirectory(parent.toAbsolutePath().resolve(name));
    } catch (IOException e) {
      throw new BrowserException("cannot make a directory below " + parent, e);
    }
  }

  /** Starts {@code command}; {@code directory} is deleted with it, or when it does not start. */
  static ProcessTree start(Path directory, List<String> command, Pattern announcement)
      throws BrowserException {
    var builder = new ProcessBuilder(OrphanGuard.inOwnSession(command));
    builder.redirectErrorStream(true).redirectInput(ProcessBuilder.Redirect.from(nothing()));
    builder.environment().put(ProcessMark.VARIABLE, directory.toString());
    builder.environment().put("MOZ_CRASHREPORTER_DISABLE", "1");
    if (directory.toString().length() <= LONGEST_SOCKET_DIRECTORY) {
      builder.environment().put("TMPDIR", directory.toString());
    }
    try {
      var guard = OrphanGuard.over(directory);
      Process root = builder.start();
      var output = new ProcessOutput(root.getInputStream(), announcement);
      var tree = new ProcessTree(directory, root, output, guard);
      if (!guard.isShell()) {
        Runtime.getRuntime().addShutdownHook(new Thread(tree::close, "browser-end"));
      }
      return tree;
    } catch (IOException e) {
      delete(directory);
      throw new BrowserException("cannot run %s: %s".formatted(command, e.getMessage()), e);
    }
  }

  ProcessOutput output() {
    return output;
  }

  /** Completes with the reason when the first process has ended. */
  CompletableFuture<String> ended() {
    return root.onExit().thenApply(process -> "its process ended with " + process.exitValue());
  }

  /** Sum of the proportional set sizes. */
  @Override
  public OptionalLong memoryBytes() {
    long sum = 0;
    for (ProcessHandle process : members()) {
      sum += ProcessMark.proportionalBytes(process.pid()).orElse(0);
    }
    return sum == 0 ? OptionalLong.empty() : OptionalLong.of(sum);
  }

  /** Kills all of it, waits for the deaths, and deletes the directory. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + DEATH.toNanos();
    for (var living = members(); !living.isEmpty(); living = members()) {
      living.forEach(ProcessHandle::destroyForcibly);
      LockSupport.parkNanos(POLL.toNanos());
      if (System.nanoTime() > deadline) {
        LOG.log(System.Logger.Level.WARNING, "processes survive a kill: {0}", members());
        break;
      }
    }
    delete(directory);
    guard.close();
  }

  /**
   * The living processes, each once. The dead that nobody has buried yet don't count: in a
   * container perhaps nobody ever will.
   */
  @Override
  public Set<ProcessHandle> members() {
    return Stream.of(Stream.of(root.toHandle()), root.descendants(), ProcessMark.bearers(directory))
        .flatMap(handles -> handles)
        .filter(process -> process.isAlive() && !ProcessMark.isZombie(process.pid()))
        .collect(Collectors.toSet());
  }

  private static java.io.File nothing() {
    return new java.io.File(
        System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
  }

  static void delete(Path directory) {
    for (int tried = 1; Files.exists(directory); tried++) {
      try {
        deleteTree(directory);
      } catch (IOException | UncheckedIOException e) {
        // What the dead had asked of the system may still appear.
        if (tried == DELETE_TRIES) {
          LOG.log(System.Logger.Level.WARNING, "cannot delete " + directory, e);
          return;
        }
      }
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    var files = new ArrayList<Path>();
    try (var walk = Files.walk(directory)) {
      walk.sorted(Comparator.reverseOrder()).forEach(files::add);
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
