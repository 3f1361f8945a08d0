package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ballast.model.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallOffTest {
  private final AttemptFailure late = new AttemptFailure(Outcome.TIMED_OUT, "timeout", "too late");

  private final CallOff callOff = new CallOff();
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void whatWaitsIsLeftAtOnceAndTheThreadGoesOnUndisturbed() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    CompletableFuture<Boolean> disturbed =
        CompletableFuture.supplyAsync(() -> {
          assertThatThrownBy(() ->
                  callOff.leavable(() -> {
                    waits.countDown();
                    never.await();
                    return "not reached";
                  }))
              .asInstanceOf(type(AttemptFailure.class))
              .extracting(AttemptFailure::outcome)
              .isEqualTo(Outcome.CANCELLED);
          return Thread.currentThread().isInterrupted();
        });
    waits.await();

    callOff.ask();

    assertThat(disturbed.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void whatTakesTooLongIsLeftAsLate() {
    assertThatThrownBy(() ->
            callOff.leavable(
                Duration.ofMillis(20),
                late,
                () -> {
                  never.await();
                  return "not reached";
                }))
        .isSameAs(late);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aStepInTimeGivesWhatItGives() throws Exception {
    String given = callOff.leavable(Duration.ofMinutes(1), late, () -> "in time");

    assertThat(given).isEqualTo("in time");
  }

  @Test
  void nothingBeginsAfterwards() {
    callOff.ask();

    assertThatThrownBy(() -> callOff.leavable(() -> "begun"))
        .hasMessage("called off by the controller");
    assertThatThrownBy(callOff::check).isInstanceOf(AttemptFailure.class);
  }

  @Test
  void whoeverIsInterruptedByOthersIsToldSo() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    var outcome = new CompletableFuture<Throwable>();
    Thread thread =
        Thread.startVirtualThread(() -> {
          try {
            callOff.leavable(() -> {
              waits.countDown();
              never.await();
              return "not reached";
            });
          } catch (AttemptFailure | InterruptedException e) {
            outcome.complete(e);
          }
        });
    waits.await();

    thread.interrupt();

    assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
  }
}
