package dev.ballast.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ballast.cli.command.CommandException;
import dev.ballast.worker.Agent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a kubelet's probes: started once the browser was probed, ready while the browser is
 * there, alive until the agent has ended.
 */
final class WorkerHealth implements AutoCloseable {
  private final @Nullable HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private WorkerHealth(@Nullable HttpServer server) {
    this.server = server;
    if (server != null) {
      server.setExecutor(threads);
    }
  }

  /** {@code port} null: nobody asks. */
  static WorkerHealth of(Agent agent, @Nullable Integer port) {
    if (port == null) {
      return new WorkerHealth(null);
    }
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      WorkerHealth health = new WorkerHealth(server);
      health.answer("/health/started", () -> started(agent));
      health.answer("/health/ready", () -> started(agent) && agent.hasBrowser());
      health.answer("/health/live", () -> !agent.ended().isDone());
      server.start();
      return health;
    } catch (IOException e) {
      throw CommandException.environment(
          "--health-port %d cannot be used: %s".formatted(port, e.getMessage()));
    }
  }

  private static boolean started(Agent agent) {
    return agent.ready().isDone() && !agent.ready().isCompletedExceptionally();
  }

  private void answer(String path, BooleanSupplier holds) {
    HttpServer present = server;
    if (present != null) {
      present.createContext(path, exchange -> answer(exchange, holds.getAsBoolean()));
    }
  }

  private static void answer(HttpExchange exchange, boolean holds) throws IOException {
    byte[] body = (holds ? "yes\n" : "no\n").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(holds ? 200 : 503, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    threads.close();
  }
}
