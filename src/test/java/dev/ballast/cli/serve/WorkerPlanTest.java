package dev.ballast.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.cli.command.CommandException;
import dev.ballast.model.BrowserKind;
import dev.ballast.operator.validation.ManifestReader;
import dev.ballast.operator.validation.Manifests;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.operator.validation.PoolTranslator;
import dev.ballast.worker.browser.InstalledBrowser;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerPlanTest {
  private static final Browsers BROWSERS =
      new Browsers(
          List.of(
              installed("chromium", "156.0.8078.73"),
              installed("firefox", "153.2"),
              installed("firefox", "140.1")));

  @Test
  void withoutPoolsEveryVersionOfABrowserIsOne() {
    assertThat(WorkerPlan.ofBrowsers(BROWSERS, 2))
        .extracting(WorkerPlan::pool)
        .containsExactly(
            "chromium", "chromium", "firefox-153", "firefox-153", "firefox-140", "firefox-140");
  }

  @Test
  void aPoolHasItsReplicasSlotsArgumentsAndLabels() {
    List<WorkerPlan> plans =
        WorkerPlan.ofPools(
            List.of(
                pool(
                    "fast",
                    "browser: chromium, replicas: 3, slots: 2, arguments: [--disable-gpu]")),
            BROWSERS);

    assertThat(plans).hasSize(3);
    WorkerPlan first = plans.getFirst();
    assertThat(first.pool()).isEqualTo("fast");
    assertThat(first.slots()).isEqualTo(2);
    assertThat(first.arguments()).containsExactly("--disable-gpu");
    assertThat(first.labels()).containsEntry("hardware", "cpu");
    assertThat(first.browser().version()).isEqualTo("156.0.8078.73");
  }

  @Test
  void aVersionPicksAmongTheInstalledOnes() {
    assertThat(
            WorkerPlan.ofPools(
                List.of(pool("old", "browser: firefox, version: \"140\"")), BROWSERS))
        .singleElement()
        .satisfies(plan -> assertThat(plan.browser().version()).isEqualTo("140.1"));
    assertThatThrownBy(() ->
            WorkerPlan.ofPools(List.of(pool("old", "browser: firefox, version: \"14\"")), BROWSERS))
        .isInstanceOf(CommandException.class)
        .hasMessage(
            "BrowserPool \"old\", spec.version 14: only firefox 153.2, firefox 140.1 is on this"
                + " machine. Leave the version out, or install that one");
  }

  @Test
  void aBrowserThatIsNotHereIsSaidWithItsPool() {
    assertThatThrownBy(() -> WorkerPlan.ofPools(List.of(pool("e", "browser: edge")), BROWSERS))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith(
            "BrowserPool \"e\", spec.browser edge: no such browser on this machine");
  }

  @Test
  void poolsWithoutAnyWorkerAreRefused() {
    assertThatThrownBy(
            () -> WorkerPlan.ofPools(List.of(pool("n", "browser: firefox, replicas: 0")), BROWSERS))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("no worker would be started.");
  }

  private static InstalledBrowser installed(String kind, String version) {
    return new InstalledBrowser(
        new BrowserKind(kind), Path.of("/usr/bin", kind), Optional.empty(), version);
  }

  private static PoolSettings pool(String name, String spec) {
    Manifests read =
        new ManifestReader()
            .read(
                "pool.yaml",
                """
                apiVersion: ballast.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: %s, labels: {hardware: cpu}}
                spec: {%s}
                """
                    .formatted(name, spec));
    return PoolTranslator.translate(((Manifests.Accepted) read).pools().getFirst().pool());
  }
}
