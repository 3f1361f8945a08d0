package dev.ballast.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.operator.TestingCluster;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.server.door.TestingClock;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a real API server gets to know of all that is told. */
class EventRecorderClusterTest {
  private final TestingCluster cluster = TestingCluster.shared();
  private final String namespace = cluster.newNamespace();
  private final TestingClock clock = new TestingClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final EventRecorder recorder = new EventRecorder(cluster.client(), "test", clock);

  private BrowserPool pool(String name) {
    BrowserPool pool = new BrowserPool();
    pool.getMetadata().setNamespace(namespace);
    pool.getMetadata().setName(name);
    pool.getMetadata().setUid("uid-of-" + name);
    return pool;
  }

  private void tell(String pool, String reason, String note) {
    recorder.tell(pool(pool), EventRecorder.Type.NORMAL, reason, "Test", note);
  }

  /** All that was written. */
  private List<Event> told() {
    recorder.close();
    return cluster.client().events().v1().events().inNamespace(namespace).list().getItems();
  }

  @Test
  void theSameIsToldOnceInTenMinutes() {
    tell("one", "Drained", "nothing runs any more");
    tell("one", "Drained", "nothing runs any more");
    tell("other", "Drained", "nothing runs any more");
    clock.pass(Duration.ofMinutes(9));
    tell("one", "Drained", "nothing runs any more");
    clock.pass(Duration.ofMinutes(2));
    tell("one", "Drained", "nothing runs any more");

    assertThat(told())
        .extracting(event -> event.getRegarding().getName())
        .containsExactlyInAnyOrder("one", "other", "one");
  }

  @Test
  void onlyFiveSentencesHaveOneReason() {
    for (int number = 0; number < 8; number++) {
      tell("one", "Draining", "worker %d takes no new tasks".formatted(number));
    }
    tell("one", "Drained", "and another reason is another matter");

    assertThat(told()).extracting(Event::getReason).containsOnly("Draining", "Drained").hasSize(6);
  }

  @Test
  void noMoreThanTwentyFiveAreToldInASecond() {
    for (int number = 0; number < 40; number++) {
      tell("pool-" + number, "Drained", "nothing runs any more");
    }
    clock.pass(Duration.ofSeconds(1));
    tell("late", "Drained", "nothing runs any more");

    assertThat(told()).hasSize(26);
  }

  /** The API server would refuse it whole. */
  @Test
  void aLongSentenceIsCutNotLost() {
    tell("one", "Retried", "ö".repeat(2000));
    tell("two", "Retried", "x" + "ö".repeat(2000));

    assertThat(told())
        .hasSize(2)
        .allSatisfy(event -> {
          assertThat(event.getNote()).endsWith("ö…");
          assertThat(event.getNote().getBytes(StandardCharsets.UTF_8).length).isBetween(1020, 1024);
        });
  }
}
