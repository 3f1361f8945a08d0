package dev.ballast.server.door.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.server.door.TestingClock;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RememberedTest {
  private static final Duration FRESH = Duration.ofSeconds(60);
  private static final Duration WHILE_AWAY = Duration.ofMinutes(5);

  private final TestingClock clock = new TestingClock(Instant.EPOCH);
  private final Remembered<String> answers =
      new Remembered<>(answer -> answer.equals("no") ? Duration.ZERO : FRESH, WHILE_AWAY, clock);
  private int asked;

  private String ask(String answer) {
    return answers.of(
        "key",
        () -> {
          asked++;
          return answer;
        });
  }

  private String askInVain() {
    return answers.of(
        "key",
        () -> {
          throw new Reviews.AwayException(new KubernetesClientException("no answer"));
        });
  }

  @Test
  void aFreshAnswerIsNotAskedForAgain() {
    assertThat(ask("one")).isEqualTo("one");
    clock.pass(FRESH.minusSeconds(1));
    assertThat(ask("two")).isEqualTo("one");
    clock.pass(Duration.ofSeconds(1));
    assertThat(ask("three")).isEqualTo("three");
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void someAnswersAreAskedForAgainSooner() {
    assertThat(ask("no")).isEqualTo("no");
    assertThat(ask("yes")).isEqualTo("yes");
  }

  @Test
  void anOldAnswerIsGoodEnoughWhileThereIsNoOther() {
    assertThat(ask("one")).isEqualTo("one");
    clock.pass(WHILE_AWAY.minusSeconds(1));
    assertThat(askInVain()).isEqualTo("one");
    clock.pass(Duration.ofSeconds(1));
    assertThatThrownBy(this::askInVain).isInstanceOf(Reviews.AwayException.class);
  }

  @Test
  void nothingIsKnownOfWhomNobodyAskedFor() {
    assertThatThrownBy(this::askInVain).isInstanceOf(Reviews.AwayException.class);
  }
}
