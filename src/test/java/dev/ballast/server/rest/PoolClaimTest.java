package dev.ballast.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.SyncRequest;
import jakarta.ws.rs.ForbiddenException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolClaimTest {
  private static SyncRequest request(String worker, String pool, Map<String, String> labels) {
    return new TestingWorker(
            worker, pool, labels, BrowserKind.CHROME, 1, List.of(Backend.WASM), true)
        .request(0);
  }

  @Test
  void aPodIsOfItsOwnNamespace() {
    SyncRequest told =
        request("chrome-0.team", "team/chrome", Map.of("ballast.dev/namespace", "team"));

    assertThat(PoolClaim.judge(told)).isSameAs(told);
  }

  /** Its token is for pod and namespace, and says nothing of labels. */
  @ParameterizedTest
  @CsvSource({
    "chrome-0.team, team/chrome, prod",
    "chrome-0.team, prod/chrome, prod",
    "chrome-0.team, prod/chrome, team",
    "prod.team, team/chrome, prod"
  })
  void aPodCannotPassForOneOfAnotherNamespace(String worker, String pool, String namespace) {
    SyncRequest told = request(worker, pool, Map.of("ballast.dev/namespace", namespace));

    assertThatThrownBy(() -> PoolClaim.judge(told))
        .isInstanceOf(ForbiddenException.class)
        .hasMessage("worker \"%s\" may not join pool \"%s\"".formatted(worker, pool));
  }

  @Test
  void whereThereAreNoNamespacesAWorkerIsWhatItSays() {
    SyncRequest local = request("machine-chromium-1", "chromium", Map.of("browser", "chromium"));
    SyncRequest joined = request("desk@edge", "edge", Map.of());

    assertThat(PoolClaim.judge(local)).isSameAs(local);
    assertThat(PoolClaim.judge(joined)).isSameAs(joined);
  }

  @Test
  void aTokenIsForOnePool() {
    assertThatThrownBy(() -> PoolClaim.judge(request("desk@team/edge", "team/chrome", Map.of())))
        .isInstanceOf(ForbiddenException.class);
  }
}
