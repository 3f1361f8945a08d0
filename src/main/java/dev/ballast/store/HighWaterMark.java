package dev.ballast.store;

import dev.ballast.store.DataDirectoryException.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The number of the last record that was acknowledged, in a small file beside the database. DuckDB
 * takes a log whose head or whose lengths are damaged for one that a crash cut short, and begins
 * without it: only a number kept elsewhere tells that something is missing.
 *
 * <p>It is written after each commit and not synced, so that it costs microseconds: a machine that
 * loses its power may leave an older number, never a newer one than is durable.
 */
final class HighWaterMark implements AutoCloseable {
  private static final Logger LOG = System.getLogger(HighWaterMark.class.getName());

  private final Path file;
  private final FileChannel channel;
  private boolean told;

  private HighWaterMark(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens the mark beside {@code database}, whose last record is {@code last}; {@code fresh} says
   * that there was no database before. Throws {@link DataDirectoryException} when later records
   * were acknowledged.
   */
  static HighWaterMark open(Path database, long last, boolean fresh) {
    Path file = database.resolveSibling(database.getFileName() + ".mark");
    try {
      if (!fresh && Files.exists(file)) {
        check(file, Files.readString(file, StandardCharsets.US_ASCII).strip(), last);
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      HighWaterMark mark = new HighWaterMark(file, channel);
      mark.reached(last);
      return mark;
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be used".formatted(file), e);
    }
  }

  private static void check(Path file, String text, long last) {
    // One that was being written when the machine lost its power says nothing.
    if (text.matches("[0-9]{1,18}") && Long.parseLong(text) > last) {
      throw new DataDirectoryException(
          Problem.DAMAGED,
          "the journal ends with record %d, but record %d was acknowledged (%s): its end is lost"
              .formatted(last, Long.parseLong(text), file.getFileName()),
          Damage.ADVICE
              + ". If it is a backup already, remove %s to go on from there".formatted(file));
    }
  }

  /** Record {@code last} is durable. */
  void reached(long last) {
    ByteBuffer text =
        ByteBuffer.wrap("%018d\n".formatted(last).getBytes(StandardCharsets.US_ASCII));
    try {
      channel.write(text, 0);
    } catch (IOException e) {
      // What was committed stays so: the mark is only the older.
      if (!told) {
        LOG.log(Level.WARNING, "{0} cannot be written: {1}", file, e.getMessage());
        told = true;
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("%s could not be closed".formatted(file), e);
    }
  }
}
