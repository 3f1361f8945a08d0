package dev.ballast.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whether the disk of a file takes writes again. The log of a database may still have room in its
 * last block when the disk has none: only a write that needs new blocks tells.
 */
final class DiskRoom {
  /** More than a batch of a thousand reports takes. */
  static final int BYTES = 1 << 20;

  private DiskRoom() {}

  /** Writes, syncs and deletes a file beside {@code file}; throws why that cannot be done. */
  static void prove(Path file) throws IOException {
    Path probe = file.resolveSibling(file.getFileName() + ".room");
    try (FileChannel channel =
        FileChannel.open(
            probe,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(BYTES);
      while (block.hasRemaining()) {
        var _ = channel.write(block);
      }
      channel.force(true);
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
