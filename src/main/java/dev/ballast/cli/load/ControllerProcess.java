package dev.ballast.cli.load;

import dev.ballast.cli.command.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A controller as a process of its own, to be killed. */
final class ControllerProcess {
  private static final Duration BOOT = Duration.ofMinutes(2);

  private final Process process;
  private final URI server;
  private final Path log;

  private ControllerProcess(Process process, URI server, Path log) {
    this.process = process;
    this.server = server;
    this.log = log;
  }

  /** Starts one, and waits until it is ready; {@code log} gets what it says. */
  static ControllerProcess start(Path home, Path data, int port, Path log) {
    try {
      Process process =
          new ProcessBuilder(
                  home.resolve("bin/ballast").toString(),
                  "local",
                  "--workers",
                  "0",
                  "--port",
                  String.valueOf(port),
                  "--data",
                  data.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      ControllerProcess started =
          new ControllerProcess(process, URI.create("http://127.0.0.1:" + port), log);
      started.awaitReady(BOOT);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("no controller could be started", e);
    }
  }

  URI server() {
    return server;
  }

  long pid() {
    return process.pid();
  }

  /** As {@code kill -9}. */
  void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  /** Stops or continues it; a stopped process keeps its connections and says nothing. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it answers that it can accept jobs. */
  void awaitReady(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > deadline) {
        kill();
        throw CommandException.environment(
            "the controller did not become ready within " + patience);
      }
      pause();
    }
  }

  private boolean isReady() {
    // Whoever answers when this one has ended is another, which has the port.
    if (!process.isAlive()) {
      throw CommandException.environment(
          "the controller on port %d has ended; %s tells why".formatted(server.getPort(), log));
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(server.resolve("/api/v1/workers"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What it says of why it is not ready; empty: it is. */
  String unready() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(server.resolve("/q/health/ready"))
                  .timeout(Duration.ofSeconds(30))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? ""
          : "%d %s".formatted(answer.statusCode(), answer.body().replaceAll("\\s+", " "));
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
