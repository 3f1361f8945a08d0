package dev.ballast.worker.browser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What Linux tells of processes in {@code /proc}; elsewhere nothing is found there. */
final class ProcessMark {
  /** Names, in the environment of each of its processes, a browser's directory. */
  static final String VARIABLE = "BALLAST_BROWSER";

  private static final Path PROC = Path.of("/proc");

  private ProcessMark() {}

  /** The processes that carry the mark of {@code directory}, whoever is their parent now. */
  static Stream<ProcessHandle> bearers(Path directory) {
    String mark = VARIABLE + "=" + directory + "\0";
    return pids().stream()
        .filter(pid -> read(pid, "environ").map(text -> text.contains(mark)).orElse(false))
        .flatMap(pid -> ProcessHandle.of(pid).stream());
  }

  /** A process's share of memory, in which a page shared by n processes counts 1/n. */
  static OptionalLong proportionalBytes(long pid) {
    return read(pid, "smaps_rollup").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("Pss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst();
  }

  /**
   * What of a process is in memory, which any user may know of any other's.
   *
   * @param sharedBytes pages of files, and memory that is made to be shared
   */
  record Resident(long anonymousBytes, long sharedBytes) {}

  static Optional<Resident> resident(long pid) {
    return read(pid, "status")
        .filter(status -> status.contains("\nRssAnon:"))
        .map(status ->
            new Resident(
                kibibytes(status, "RssAnon") << 10,
                (kibibytes(status, "RssFile") + kibibytes(status, "RssShmem")) << 10));
  }

  private static long kibibytes(String status, String field) {
    return status
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /** With a blank around each word. */
  static Optional<String> commandLine(long pid) {
    return read(pid, "cmdline").map(line -> " " + line.replace('\0', ' ') + " ");
  }

  /** Dead, and waiting for its parent to notice. */
  static boolean isZombie(long pid) {
    return read(pid, "stat")
        .map(stat -> stat.startsWith("Z", stat.lastIndexOf(')') + 2))
        .orElse(false);
  }

  static List<Long> pids() {
    var pids = new ArrayList<Long>();
    try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      entries.forEach(entry -> pids.add(Long.parseLong(entry.getFileName().toString())));
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // No /proc: not Linux.
    }
    return pids;
  }

  /** Absent when the process has gone meanwhile or is another user's. */
  private static Optional<String> read(long pid, String file) {
    try {
      Path path = PROC.resolve(Long.toString(pid)).resolve(file);
      return Optional.of(Files.readString(path, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
