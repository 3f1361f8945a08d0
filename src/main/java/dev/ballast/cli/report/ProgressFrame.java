package dev.ballast.cli.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run at one moment.
 *
 * @param elapsed since its first task arrived
 * @param done tasks ended, in whatever way
 * @param total all tasks that have a place to run; unplaceable ones are not among them
 * @param resumed the part of {@code done} that an earlier run did, which says nothing of speed
 */
public record ProgressFrame(
    Duration elapsed,
    int done,
    int total,
    int resumed,
    int failed,
    int unplaceable,
    List<BrowserLine> browsers) {

  /** Whether the model that runs was there already. */
  public enum Start {
    WARM("warm"),
    COLD("cold"),
    UNKNOWN("");

    private final String label;

    Start(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * One browser.
   *
   * @param name for example {@code chromium 156}
   * @param doing the task and what becomes of it, for example {@code silero-vad wasm, measuring
   *     40/200}; absent when idle
   */
  public record BrowserLine(String name, Optional<String> doing, Start start, int done) {}

  public ProgressFrame {
    browsers = List.copyOf(browsers);
  }

  /** Tasks ended each second in this run; absent before the first one. */
  public OptionalDouble tasksPerSecond() {
    double seconds = elapsed.toMillis() / 1000.0;
    return done > resumed && seconds > 0
        ? OptionalDouble.of((done - resumed) / seconds)
        : OptionalDouble.empty();
  }

  /** When the rest goes on as fast as what is done did. */
  public Optional<Duration> remaining() {
    OptionalDouble rate = tasksPerSecond();
    return rate.isPresent()
        ? Optional.of(
            Duration.ofMillis((long) (Math.max(0, total - done) / rate.getAsDouble() * 1000)))
        : Optional.empty();
  }
}
