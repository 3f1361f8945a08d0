package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.model.ModelSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Faults of whole processes: a worker that is killed, a run that is interrupted. */
class CommandProcessFaultBrowserTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LOST_WORKER = Duration.ofSeconds(8);
  private static final ObjectMapper JSON = new ObjectMapper();

  // Browsers of killed processes are still being ended when the test is over.
  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  private final TestingSite site = new TestingSite();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<TestingCommand> commands = new ArrayList<>();
  private String server = "";

  @AfterEach
  void stop() {
    commands.forEach(TestingCommand::close);
    client.close();
    site.close();
  }

  @Test
  void aKilledWorkerIsLostAndAKilledControllerComesBackAndNothingCountsTwice() throws Exception {
    server = "http://127.0.0.1:" + freePort();
    TestingCommand controller = startController();
    TestingCommand chromium = startWorker("chromium");
    TestingCommand firefox = startWorker("firefox");
    await(() -> get("/api/v1/workers").size() == 2);
    submit("victim", site.page("await gate('victim');"));
    site.awaitAt("victim");
    submit("neighbour", site.page("await gate('neighbour');"));
    site.awaitAt("neighbour");
    boolean chromiumDies = runs("victim").contains("chromium");

    Instant killed = Instant.now();
    TestingCommand.signal("KILL", (chromiumDies ? chromium : firefox).pid());

    await(() -> results("victim").size() == 1);
    Duration detected = Duration.between(killed, Instant.now());
    System.out.printf("fault worker-killed told after %d ms%n", detected.toMillis());
    assertThat(detected).isLessThan(LOST_WORKER);
    site.open("neighbour");
    await(() -> results("victim").size() == 2);
    assertThat(results("victim")).containsExactly("#1 worker-lost", "#2 succeeded");
    assertThat(results("neighbour")).containsExactly("#1 succeeded");
    await(() -> orphans(data(chromiumDies ? "chromium" : "firefox")).isEmpty());
    theControllerComesBack(controller);
  }

  /**
   * What ended while it was away is refused, because it has taken the task back; that runs again.
   */
  private void theControllerComesBack(TestingCommand controller) throws Exception {
    submit("survivor", site.page("await gate('survivor');"));
    site.awaitAt("survivor");

    TestingCommand.signal("KILL", controller.pid());
    site.open("survivor");
    startController();

    await(() -> !results("survivor").isEmpty());
    assertThat(results("survivor")).containsExactly("#2 succeeded");
    assertThat(results("victim")).containsExactly("#1 worker-lost", "#2 succeeded");
    submit("broken", site.page("console.error('about to break'); throw new Error('it broke');"));
    await(() -> !results("broken").isEmpty());
    assertThat(results("broken")).containsExactly("#1 failed");
    Path evidence = Path.of(data("controller"), "evidence", uid("broken"), "0-1");
    assertThat(evidence.resolve("console.txt")).content().contains("about to break");
    assertThat(evidence.resolve("screenshot.png")).isNotEmptyFile();
  }

  @Test
  void anInterruptedRunIsResumedWithWhatIsLeft() throws Exception {
    Path job = Files.writeString(folder.resolve("job.yaml"), interruptible());
    Path report = folder.resolve("report.json");
    String[] run = {
      "run",
      job.toString(),
      "--browsers",
      "firefox",
      "--no-progress",
      "--data",
      data("run"),
      "--report",
      "json=" + report
    };
    TestingCommand first = TestingCommand.startInBackground(folder.resolve("first.log"), run);
    commands.add(first);
    site.awaitAt("second");

    Instant interrupted = Instant.now();
    TestingCommand.signal("INT", first.backgroundPid());

    assertThat(first.await(20)).as(first.said()).isEqualTo(130);
    System.out.printf(
        "fault interrupted ended after %d ms%n",
        Duration.between(interrupted, Instant.now()).toMillis());
    assertThat(first.said()).contains("Interrupted; what was done is kept. Go on with --resume.");
    assertThat(results(report)).containsExactly("0 #1 succeeded");
    assertThat(orphans(data("run"))).isEmpty();

    TestingCommand second = start(append(run, "--resume"));

    assertThat(second.await(60)).as(second.said()).isZero();
    // The third was handed to the worker ahead of time, or not: both are right.
    assertThat(results(report))
        .hasSize(3)
        .contains("0 #1 succeeded", "1 #2 succeeded")
        .anyMatch(result -> result.matches("2 #[12] succeeded"));
  }

  private String interruptible() {
    return manifest(
        "interrupted", site.page("if (job.attempt.includes('/1#')) await gate('second');"), 3);
  }

  /** Each result as {@code index #attempt outcome}. */
  private static List<String> results(Path report) throws IOException {
    List<String> results = new ArrayList<>();
    for (JsonNode result : JSON.readTree(report.toFile())) {
      results.add(
          "%d #%d %s"
              .formatted(
                  result.path("index").asInt(),
                  result.path("attempt").asInt(),
                  result.path("outcome").asText()));
    }
    return results;
  }

  private TestingCommand startController() throws IOException {
    String port = server.substring(server.lastIndexOf(':') + 1);
    return start("local", "--workers", "0", "--port", port, "--data", data("controller"));
  }

  private TestingCommand startWorker(String kind) throws IOException {
    return start("worker", "--server", server, "--pool", kind, "--data", data(kind));
  }

  private TestingCommand start(String... arguments) throws IOException {
    Path output = folder.resolve(commands.size() + "-" + arguments[0] + ".log");
    TestingCommand command = TestingCommand.start(output, arguments);
    commands.add(command);
    return command;
  }

  private String data(String name) {
    return folder.resolve(name).toString();
  }

  private static String[] append(String[] arguments, String last) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(last);
    return all.toArray(String[]::new);
  }

  private static String manifest(String name, ModelSource page, int repetitions) {
    return """
    apiVersion: ballast.dev/v1alpha1
    kind: TestJob
    metadata: {name: %s}
    spec:
      page: {name: page, family: other, url: "%s"}
      matrix: {backends: [wasm], repetitions: %d}
      run: {timeout: 60s, isolation: Shared}
      backoffLimitPerIndex: 0
    """
        .formatted(name, ((ModelSource.Page) page).url(), repetitions);
  }

  private void submit(String name, ModelSource page) throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(server + "/api/v1/namespaces/default/jobs"))
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(manifest(name, page, 1)))
            .build();
    HttpResponse<String> answer = client.send(post, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  /** Each result of a job as {@code #attempt outcome}, the first first. */
  private List<String> results(String job) throws Exception {
    List<String> results = new ArrayList<>();
    for (JsonNode result : get("/api/v1/namespaces/default/jobs/" + job + "/results")) {
      results.add(
          "#%d %s".formatted(result.path("attempt").asInt(), result.path("outcome").asText()));
    }
    results.sort(null);
    return results;
  }

  private String uid(String job) throws Exception {
    return get("/api/v1/namespaces/default/jobs/" + job).findValue("uid").asText();
  }

  /** The name of the worker that runs the only task of that job. */
  private String runs(String job) throws Exception {
    String uid = uid(job);
    for (JsonNode worker : get("/api/v1/workers")) {
      if (worker.path("running").toString().contains(uid)) {
        return worker.path("id").toString();
      }
    }
    throw new AssertionError("nobody runs " + job + ": " + get("/api/v1/workers"));
  }

  /** An empty array while nobody answers there. */
  private JsonNode get(String path) throws Exception {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(server + path)).build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : JSON.createArrayNode();
    } catch (IOException e) {
      return JSON.createArrayNode();
    }
  }

  private void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(condition);
  }

  /** Processes that carry the mark of a browser below that directory. */
  private static List<Long> orphans(String directory) throws IOException {
    List<Long> orphans = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (environment(process).contains("BALLAST_BROWSER=" + directory)) {
          orphans.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return orphans;
  }

  private static String environment(Path process) {
    try {
      return new String(
          Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has gone meanwhile
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
