package dev.ballast.cli.load;

import dev.ballast.store.BallastJson;
import dev.ballast.worker.HttpController;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Workers without browsers that talk to a controller over HTTP, each on a thread of its own. */
final class LoadFleet implements AutoCloseable {
  private final List<LoadWorker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final LoadWorker.Counts counts = new LoadWorker.Counts();

  LoadFleet(URI server, int count, int slots) {
    HttpController controller = new HttpController(server, BallastJson.mapper());
    for (int number = 1; number <= count; number++) {
      workers.add(new LoadWorker("load-" + number, slots, controller, counts));
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
