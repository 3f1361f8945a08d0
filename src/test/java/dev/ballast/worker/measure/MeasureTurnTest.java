package dev.ballast.worker.measure;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.function.Supplier;
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
    Thread[] contenders = new Thread[2];
    contenders[0] = Thread.ofVirtual().unstarted(() -> contend("A", 5, order, () -> contenders[1]));
    contenders[1] = Thread.ofVirtual().unstarted(() -> contend("B", 4, order, () -> contenders[0]));
    contenders[0].start();
    // It holds the turn, and waits for the other one.
    await().until(() -> waitsOrHasEnded(contenders[0].getState()));
    contenders[1].start();
    contenders[0].join();
    contenders[1].join();

    assertThat(String.join("", order)).isEqualTo("ABBAABBAA");
  }

  /** Runs blocks; never gives a turn back before the other one waits for it or has ended. */
  private void contend(String name, int blocks, List<String> order, Supplier<Thread> other) {
    int left = blocks;
    while (left > 0) {
      try (var turn = turns.take(LONG).orElseThrow()) {
        await()
            .pollInterval(Duration.ofMillis(1))
            .until(() -> waitsOrHasEnded(other.get().getState()));
        for (int block = 0; block < turn.blocks() && left > 0; block++, left--) {
          order.add(name);
        }
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static boolean waitsOrHasEnded(Thread.State state) {
    return state == Thread.State.TIMED_WAITING || state == Thread.State.TERMINATED;
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
