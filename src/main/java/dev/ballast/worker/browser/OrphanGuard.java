package dev.ballast.worker.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ends a browser that outlived this JVM, be it by {@code kill -9}. On Linux a small shell holds the
 * other end of a pipe and acts when that closes. Not a shutdown hook: those run at once on SIGTERM,
 * while a worker that drains still needs its browser. Elsewhere there is no better than a hook.
 */
final class OrphanGuard implements AutoCloseable {
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      cat >/dev/null
      for mark in $(grep -lasF "%s=$1" /proc/[0-9]*/environ); do
        process=${mark#/proc/}
        kill -9 "${process%%/environ}"
      done
      [ ! -d "$1" ] || { sleep 1; rm -rf "$1"; }
      """
          .formatted(ProcessMark.VARIABLE);

  private static final Optional<String> SETSID =
      Stream.of("/usr/bin/setsid", "/bin/setsid")
          .filter(file -> Files.isExecutable(Path.of(file)))
          .findFirst();

  private final Optional<Process> shell;

  private OrphanGuard(Optional<Process> shell) {
    this.shell = shell;
  }

  /** Guards the processes that carry the mark of {@code directory}, and the directory. */
  static OrphanGuard over(Path directory) throws IOException {
    if (!Files.isDirectory(Path.of("/proc/self")) || !Files.isExecutable(Path.of("/bin/sh"))) {
      return new OrphanGuard(Optional.empty());
    }
    var command = List.of("/bin/sh", "-c", SCRIPT, "ballast-guard", directory.toString());
    var builder = new ProcessBuilder(inOwnSession(command));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return new OrphanGuard(Optional.of(builder.start()));
  }

  /** Whether it does without a shutdown hook. */
  boolean isShell() {
    return shell.isPresent();
  }

  /** Ctrl-C in a terminal ends its whole session at once: a drain needs the browsers out of it. */
  static List<String> inOwnSession(List<String> command) {
    var whole = new ArrayList<String>();
    SETSID.ifPresent(whole::add);
    whole.addAll(command);
    return whole;
  }

  @Override
  public void close() {
    shell.ifPresent(process -> {
      try {
        process.getOutputStream().close();
      } catch (IOException e) {
        process.destroyForcibly();
      }
    });
  }
}
