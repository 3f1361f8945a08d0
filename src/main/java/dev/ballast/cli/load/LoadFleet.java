package dev.ballast.cli.load;

import dev.ballast.model.Assignment;
import dev.ballast.store.BallastJson;
import dev.ballast.worker.HttpController;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Workers without browsers that talk to a controller over HTTP, each on a thread of its own. */
final class LoadFleet implements AutoCloseable {
  private final List<LoadWorker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final LoadWorker.Counts counts = new LoadWorker.Counts();

  LoadFleet(URI server, int count, int slots) {
    this(server, count, slots, _ -> {});
  }

  /** {@code whenAssigned}: told of every assignment, on its worker's thread. */
  LoadFleet(URI server, int count, int slots, Consumer<Assignment> whenAssigned) {
    HttpController controller = new HttpController(server, BallastJson.mapper());
    for (int number = 1; number <= count; number++) {
      workers.add(
          new LoadWorker(
              "load-" + number, LoadWorker.Place.NOWHERE, slots, controller, counts, whenAssigned));
    }
  }

  LoadFleet start() {
    for (LoadWorker worker : workers) {
      threads.add(Thread.ofVirtual().start(worker));
    }
    return this;
  }

  LoadWorker.Counts counts() {
    return counts;
  }

  @Override
  public void close() {
    workers.forEach(LoadWorker::stop);
    threads.forEach(Thread::interrupt);
  }
}
