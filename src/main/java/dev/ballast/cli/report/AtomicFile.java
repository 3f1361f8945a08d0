package dev.ballast.cli.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes a file whole or not at all: a reader never sees half a report. */
public final class AtomicFile {
  private AtomicFile() {}

  public static void write(Path file, String text) throws IOException {
    // Through a link to the file it names: the move would replace the link itself.
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      Files.writeString(target, text); // a pipe or a device, such as /dev/stdout
      return;
    }
    Path directory = target.getParent();
    Files.createDirectories(directory);
    Path part = Files.createTempFile(directory, "." + target.getFileName(), ".part");
    try {
      Files.writeString(part, text, StandardCharsets.UTF_8);
      if (part.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        // A temporary file is its owner's alone; a report is a file like others.
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
      }
      move(part, target);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void move(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
