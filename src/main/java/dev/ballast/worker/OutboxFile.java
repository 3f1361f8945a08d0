package dev.ballast.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.WorkerId;
import dev.ballast.store.BallastJson;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Reports that no controller has acknowledged, one JSON object a line: they survive the worker's
 * process. A file that cannot be written is said, and the reports are in memory still.
 */
final class OutboxFile {
  private static final Logger LOG = System.getLogger(OutboxFile.class.getName());

  /** Acknowledged reports that the file may still hold, beside as many as are pending. */
  private static final int SPARE_LINES = 256;

  private final Optional<Path> file;
  private int lines;

  private OutboxFile(Optional<Path> file) {
    this.file = file;
  }

  /** Keeps nothing. */
  static OutboxFile none() {
    return new OutboxFile(Optional.empty());
  }

  static OutboxFile in(Path folder, WorkerId worker) {
    String name = worker.name().replaceAll("[^A-Za-z0-9._-]", "_") + ".reports.jsonl";
    return new OutboxFile(Optional.of(folder.resolve(name)));
  }

  /**
   * What an earlier life left. A last line that was torn by its end is no report, and does not
   * stay: the next report would be appended to it.
   */
  List<AttemptReport> read() {
    List<AttemptReport> reports = new ArrayList<>();
    boolean torn = false;
    if (file.isEmpty() || !Files.exists(file.get())) {
      return reports;
    }
    try {
      for (String line : Files.readAllLines(file.get(), StandardCharsets.UTF_8)) {
        try {
          reports.add(BallastJson.mapper().readValue(line, AttemptReport.class));
        } catch (JsonProcessingException e) {
          torn = true;
          LOG.log(
              Level.WARNING,
              "a report in {0} cannot be read ({1}); its attempt will run again",
              file.get(),
              e.getOriginalMessage());
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} cannot be read: {1}", file.get(), e.toString());
    }
    lines = reports.size();
    if (torn) {
      keepOnly(reports);
    }
    return reports;
  }

  /** The report is on the disk when this returns. */
  void add(AttemptReport report) {
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(file.get().toAbsolutePath().getParent());
      try (FileChannel channel =
          FileChannel.open(
              file.get(),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND)) {
        write(channel, report);
        channel.force(false);
      }
      lines++;
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "a report could not be kept in {0} ({1}); it is lost if this process ends now",
          file.get(),
          e.toString());
    }
  }

  /** Others were acknowledged; the file does not grow with them without end. */
  void acknowledged(Collection<AttemptReport> pending) {
    if (pending.isEmpty()) {
      clear();
    } else if (lines > SPARE_LINES + 2 * pending.size()) {
      keepOnly(pending);
    }
  }

  private void keepOnly(Collection<AttemptReport> reports) {
    if (file.isEmpty()) {
      return;
    }
    Path next = file.get().resolveSibling(file.get().getFileName() + ".next");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        for (AttemptReport report : reports) {
          write(channel, report);
        }
        channel.force(false);
      }
      Files.move(next, file.get(), StandardCopyOption.ATOMIC_MOVE);
      lines = reports.size();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "{0} could not be rewritten, it only grows meanwhile: {1}",
          file.get(),
          e.toString());
    }
  }

  private static void write(FileChannel channel, AttemptReport report) throws IOException {
    byte[] line =
        (BallastJson.mapper().writeValueAsString(report) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer rest = ByteBuffer.wrap(line);
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
  }

  private void clear() {
    try {
      if (file.isPresent()) {
        Files.deleteIfExists(file.get());
        lines = 0;
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} could not be emptied: {1}", file.get(), e.toString());
    }
  }
}
