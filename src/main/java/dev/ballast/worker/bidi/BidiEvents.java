package dev.ballast.worker.bidi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Hands events to their listeners in the order of arrival, on a thread of its own: a listener may
 * send commands without blocking the answers it waits for.
 */
final class BidiEvents {
  private static final System.Logger LOG = System.getLogger(BidiEvents.class.getName());

  private final Map<String, List<Consumer<JsonNode>>> listeners = new ConcurrentHashMap<>();
  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofVirtual().name("bidi-events").start(this::deliver);

  void on(String method, Consumer<JsonNode> listener) {
    listeners.computeIfAbsent(method, any -> new CopyOnWriteArrayList<>()).add(listener);
  }

  void publish(String method, JsonNode parameters) {
    for (var listener : listeners.getOrDefault(method, List.of())) {
      queue.add(() -> listener.accept(parameters));
    }
  }

  /** Stops after what has been published so far. */
  void end() {
    queue.add(thread::interrupt);
  }

  private void deliver() {
    try {
      while (true) {
        run(queue.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(Runnable delivery) {
    try {
      delivery.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a listener failed; later events still arrive", e);
    }
  }
}
