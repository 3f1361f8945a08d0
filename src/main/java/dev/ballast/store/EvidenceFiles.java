package dev.ballast.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of consoles and screenshots, one folder in it for each job: cut like the history. */
final class EvidenceFiles {
  private EvidenceFiles() {}

  /** A job's folder, by its newest file. */
  private record Folder(Path path, Instant newest, long bytes) {}

  /**
   * Deletes folders whose newest file is older than that, then the oldest ones while all together
   * weigh more.
   */
  static void trim(Path evidence, Retention retention, Instant now) throws IOException {
    if (!Files.isDirectory(evidence)) {
      return;
    }
    List<Folder> folders = new ArrayList<>();
    for (Path path : children(evidence)) {
      folders.add(weigh(path));
    }
    folders.sort(Comparator.comparing(Folder::newest));
    long bytes = folders.stream().mapToLong(Folder::bytes).sum();
    Instant oldest = now.minus(retention.age());
    for (Folder folder : folders) {
      if (folder.newest().isBefore(oldest) || bytes > retention.bytes()) {
        delete(folder.path());
        bytes -= folder.bytes();
      }
    }
  }

  private static Folder weigh(Path path) throws IOException {
    Instant newest = Files.getLastModifiedTime(path).toInstant();
    long bytes = 0;
    for (Path file : below(path)) {
      if (Files.isRegularFile(file)) {
        bytes += Files.size(file);
        Instant written = Files.getLastModifiedTime(file).toInstant();
        newest = written.isAfter(newest) ? written : newest;
      }
    }
    return new Folder(path, newest, bytes);
  }

  private static void delete(Path path) throws IOException {
    List<Path> files = new ArrayList<>(below(path));
    for (Path file : files.reversed()) {
      Files.deleteIfExists(file);
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.toList();
    }
  }

  /** The path and all below it; a folder comes before what is in it, links are not followed. */
  private static List<Path> below(Path path) throws IOException {
    try (Stream<Path> paths = Files.walk(path)) {
      return paths.toList();
    }
  }
}
