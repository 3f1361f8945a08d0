package dev.ballast.store;

import dev.ballast.store.DataDirectoryException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads DuckDB's native part, once per process. The driver unpacks it (60 MB) into {@code
 * java.io.tmpdir} at every start and would leave it there when the process is killed; a mapped file
 * may lose its name on Linux, so that nothing is ever left.
 */
final class NativeLibrary {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static boolean loaded;

  private NativeLibrary() {}

  static synchronized void load() {
    if (loaded) {
      return;
    }
    try {
      Class.forName("org.duckdb.DuckDBNative");
      for (Path file : mapped()) {
        Files.deleteIfExists(file);
      }
    } catch (ClassNotFoundException | LinkageError | IOException e) {
      throw new DataDirectoryException(
          Problem.NO_LIBRARY,
          "DuckDB's library could not be unpacked in %s (%s)"
              .formatted(System.getProperty("java.io.tmpdir"), e),
          "Make room there, or start Java with -Djava.io.tmpdir=DIR",
          e);
    }
    loaded = true;
  }

  private static List<Path> mapped() throws IOException {
    if (!Files.isReadable(MAPS)) {
      return List.of();
    }
    try (var lines = Files.lines(MAPS)) {
      return lines
          .filter(line -> line.contains("/libduckdb_java") && line.endsWith(".so"))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(file -> file.startsWith(System.getProperty("java.io.tmpdir")))
          .distinct()
          .toList();
    }
  }
}
