package dev.ballast.worker.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MeasureTurnTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private MeasureTurn turns;

  @BeforeEach
  void takeTurnsInADirectoryOfOurOwn() {
    turns = MeasureTurn.in(directory.resolve("turn"));
  }

  @Test
  void twoContendersRunABBA() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch firstIsIn = new CountDownLatch(1);
    CountDownLatch secondWaits = new CountDownLatch(1);
    Thread first =
        Thread.startVirtualThread(() -> {
          int left = 5;
          while (left > 0) {
            try (var turn = turns.take(LONG).orElseThrow()) {
              firstIsIn.countDown();
              secondWaits.await();
              for (int block = 0; block < turn.blocks() && left > 0; block++, left--) {
                order.add("A");
              }
            } catch (IOException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    firstIsIn.await();
    Thread second =
        Thread.startVirtualThread(() -> {
          int left = 4;
          while (left > 0) {
            try (var turn = turns.take(LONG).orElseThrow()) {
              for (int block = 0; block < turn.blocks() && left > 0; block++, left--) {
                order.add("B");
              }
            } catch (IOException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
    secondWaits.countDown();
    first.join();
    second.join();

    assertThat(String.join("", order)).isEqualTo("ABBAABBAA");
  }

  @Test
  void onlyOneMeasuresAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int round = 0; round < 5; round++) {
              try (var turn = turns.take(LONG).orElseThrow()) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                assertThat(turn.overlapped()).isFalse();
                inside.decrementAndGet();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most.get()).isEqualTo(1);
  }

  @Test
  void whoWaitsTooLongGoesAwayWithoutIt() throws Exception {
    try (var held = turns.take(LONG).orElseThrow()) {
      assertThat(held.blocks()).isEqualTo(1);
      assertThat(turns.take(Duration.ofMillis(20))).isEmpty();
    }
    try (var free = turns.take(Duration.ofSeconds(5)).orElseThrow()) {
      assertThat(free.blocks()).isEqualTo(2);
    }
  }

  @Test
  void aWaiterCanBeInterruptedAndLeavesNothingBehind() throws Exception {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    try (var held = turns.take(LONG).orElseThrow()) {
      Thread waiter =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  turns.take(LONG);
                } catch (IOException | InterruptedException e) {
                  seen.set(e);
                }
              });
      waiter.interrupt();
      waiter.join();
      assertThat(held.overlapped()).isFalse();
    }
    assertThat(seen.get()).isInstanceOf(InterruptedException.class);
    assertThat(turns.take(Duration.ofSeconds(5))).hasValueSatisfying(MeasureTurn.Turn::close);
  }

  @Test
  void measuringBesideTheTurnIsSeenByBoth() throws Exception {
    try (var shared = turns.share();
        var turn = turns.take(LONG).orElseThrow()) {
      assertThat(shared.overlapped()).isTrue();
      assertThat(turn.overlapped()).isTrue();
    }
    try (var alone = turns.share()) {
      assertThat(alone.overlapped()).isFalse();
    }
  }

  @Test
  void anotherProcessHoldsTheTurnUntilItDies() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.resolve("turn").toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new java.io.InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      assertThat(line).isEqualTo("held");

      assertThat(turns.take(Duration.ofMillis(50))).isEmpty();
      other.destroyForcibly().waitFor();
      assertThat(turns.take(Duration.ofSeconds(10))).hasValueSatisfying(MeasureTurn.Turn::close);
    } finally {
      other.destroyForcibly();
    }
  }

  /** A process that takes the turn and keeps it. */
  static final class Holder {
    public static void main(String[] arguments) throws Exception {
      try (var turn = MeasureTurn.in(Path.of(arguments[0])).take(LONG).orElseThrow()) {
        System.out.println(turn.overlapped() ? "not alone" : "held");
        new CountDownLatch(1).await();
      }
    }
  }

  @Test
  void aLinkInPlaceOfALockIsNotFollowed() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "text");
    Path turn = Files.createDirectory(directory.resolve("trapped"));
    Files.createSymbolicLink(turn.resolve("turn.lock"), precious);

    assertThatThrownBy(() -> MeasureTurn.in(turn).take(Duration.ofMillis(10)))
        .isInstanceOf(IOException.class);
    assertThat(precious).hasContent("text");
    assertThatThrownBy(() -> MeasureTurn.in(precious).take(Duration.ofMillis(10)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("directory");
  }
}
