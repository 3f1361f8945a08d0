package dev.ballast.worker;

import dev.ballast.model.WorkerId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What all workers of a process share.
 *
 * @param reports folder of the reports that no controller has acknowledged; absent: they are kept
 *     in memory only
 */
public record WorkerTools(
    PageServer pages, ModelShelf shelf, MeasuringRoom room, Optional<Path> reports) {
  public WorkerTools(PageServer pages, ModelShelf shelf, MeasuringRoom room) {
    this(pages, shelf, room, Optional.empty());
  }

  OutboxFile outbox(WorkerId worker) {
    return reports.map(folder -> OutboxFile.in(folder, worker)).orElseGet(OutboxFile::none);
  }
}
