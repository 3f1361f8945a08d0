package dev.ballast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.ballast.server.door.cluster.Reviews;
import dev.ballast.server.history.HistoryReads;
import dev.ballast.worker.Downloads;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands between us and others that stumble: retries, breakers and bulkheads, as deployed. */
@QuarkusTest
@TestProfile(GuardedCallsApiTest.LoopbackAllowed.class)
class GuardedCallsApiTest {
  private static final byte[] MODEL = "a model".getBytes(StandardCharsets.UTF_8);

  @Inject Downloads downloads;
  @Inject HistoryReads reads;
  @Inject Reviews reviews;
  @Inject CircuitBreakerMaintenance breakers;
  @TempDir Path folder;

  private final Queue<Integer> answers = new ArrayDeque<>();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;

  /** The server that models come from is on this machine. */
  public static class LoopbackAllowed implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("ballast.models.allowed-networks", "127.0.0.0/8");
    }
  }

  @BeforeEach
  void serve() throws IOException {
    breakers.resetAll();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.incrementAndGet();
            Integer next = answers.poll();
            int status = next == null ? 200 : next;
            exchange.sendResponseHeaders(status, status == 200 ? MODEL.length : -1);
            if (status == 200) {
              exchange.getResponseBody().write(MODEL);
            }
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void fetch() throws Exception {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(MODEL));
    downloads.fetch(address().resolve("/model.onnx"), sha256, folder.resolve("model.onnx"));
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void aModelServerThatStumblesIsAskedAgain() throws Exception {
    answers.addAll(List.of(503, 500));

    fetch();

    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    assertThat(asked).hasValue(3);
  }

  @Test
  void aModelServerThatGoesOnStumblingIsGivenUp() {
    answers.addAll(List.of(503, 503, 503, 503, 503));

    assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("503");
    assertThat(asked).hasValue(4);
  }

  @Test
  void aModelServerThatSaysNoIsNotAskedAgain() {
    answers.add(404);

    assertThatThrownBy(this::fetch).isInstanceOf(Downloads.RefusedException.class);
    assertThat(asked).hasValue(1);
  }

  @Test
  void anApiServerThatIsAwayIsNotAskedForEveryCaller() {
    for (int i = 0; i < 10; i++) {
      answers.add(500);
    }
    try (KubernetesClient client = client()) {
      TokenReview review = new TokenReview();
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> reviews.ask(client, review))
            .isInstanceOf(Reviews.AwayException.class);
      }

      assertThatThrownBy(() -> reviews.ask(client, review))
          .isInstanceOf(CircuitBreakerOpenException.class);
      assertThat(asked).hasValue(10);
    }
  }

  @Test
  void anApiServerThatSaysNoIsNotAway() {
    try (KubernetesClient client = client()) {
      for (int i = 0; i < 20; i++) {
        answers.add(403);
      }
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> reviews.ask(client, new TokenReview()))
            .isInstanceOf(KubernetesClientException.class);
      }
      assertThat(asked).hasValue(20);
    }
  }

  private KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder()
                .withMasterUrl(address().toString())
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }

  @Test
  void fewReadTheHistoryAtATimeAndOthersWaitForThem() throws Exception {
    CountDownLatch reading = new CountDownLatch(4);
    CountDownLatch enough = new CountDownLatch(1);
    List<CompletableFuture<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(
          CompletableFuture.supplyAsync(
              () ->
                  reads.read(() -> {
                    reading.countDown();
                    await(enough);
                    return 1;
                  }),
              Thread::startVirtualThread));
    }
    reading.await();

    assertThatThrownBy(() -> reads.read(() -> 2)).isInstanceOf(BulkheadException.class);
    CompletableFuture<Integer> late =
        CompletableFuture.supplyAsync(() -> reads.read(() -> 3), Thread::startVirtualThread);
    enough.countDown();

    assertThat(late.get()).isEqualTo(3);
    assertThat(readers).allSatisfy(reader -> assertThat(reader.get()).isEqualTo(1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
