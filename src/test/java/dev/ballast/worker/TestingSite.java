package dev.ballast.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ballast.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The user's web server: pages with a fault in their first attempt, models in order and out of it,
 * and gates by which a page and a test wait for each other.
 */
final class TestingSite implements AutoCloseable {
  private static final int LONGEST_WAIT_SECONDS = 60;

  /** What a page of the user's does when nothing is wrong. */
  static final String HEALTHY =
      "say({type: 'samples', samples: [1, 1.1, 1, 1.1], discarded: [1]}); say({type: 'done'});";

  private static final String PAGE =
      """
      <!doctype html><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,"><h1>page</h1>
      <script>
        async function start(job, report) {
          const say = message => report({nonce: job.nonce, ...message});
          const gate = name => fetch('/gate/' + name + '?' + job.attempt.split('#')[0]);
          if (/#1@/.test(job.attempt)) { FAULT }
          HEALTHY
        }
      </script>
      """;

  private final HttpServer server;
  private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> reached = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> opened = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<HttpExchange> neverAnswered = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  TestingSite() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.createContext("/gate/", this::gate);
    server.createContext("/never/", neverAnswered::add);
    server.start();
  }

  /** Downloads that may come from a site like this. */
  static Downloads downloads() {
    return new Downloads(ModelAccess.to("127.0.0.0/8"));
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path));
  }

  /** A page that runs {@code fault} in the first attempt of a task, and is well in all others. */
  ModelSource page(String fault) {
    String path = "/page/" + count.incrementAndGet();
    String html = PAGE.replace("FAULT", fault).replace("HEALTHY", HEALTHY);
    serve(path, html.getBytes(StandardCharsets.UTF_8));
    return new ModelSource.Page(address(path));
  }

  /** From now on {@code path} has these bytes. */
  void serve(String path, byte[] body) {
    bodies.put(path, body);
  }

  /** A page waits at this gate, with {@code await gate(name)}. */
  void awaitAt(String gate) throws InterruptedException {
    if (!latch(reached, gate).await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("no page came to the gate " + gate);
    }
  }

  void open(String gate) {
    latch(opened, gate).countDown();
  }

  static byte[] shippedModel(String file) throws IOException {
    try (InputStream model = TestingSite.class.getResourceAsStream("/models/" + file)) {
      return model.readAllBytes();
    }
  }

  private static CountDownLatch latch(Map<String, CountDownLatch> latches, String gate) {
    return latches.computeIfAbsent(gate, _ -> new CountDownLatch(1));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = bodies.get(path);
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange
          .getResponseHeaders()
          .add(
              "Content-Type", path.startsWith("/page/") ? "text/html" : "application/octet-stream");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void gate(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring("/gate/".length());
    latch(reached, name).countDown();
    try (exchange) {
      if (!latch(opened, name).await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("nobody opened the gate " + name);
      }
      exchange.sendResponseHeaders(204, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    neverAnswered.forEach(HttpExchange::close);
    server.stop(0);
  }
}
