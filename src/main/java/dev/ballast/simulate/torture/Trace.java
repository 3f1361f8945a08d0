package dev.ballast.simulate.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened in a run, in words. Written only when a run is told again: words cost time. */
final class Trace {
  private final Instant start;
  private final boolean written;
  private final List<String> lines = new ArrayList<>();

  Trace(Instant start, boolean written) {
    this.start = start;
    this.written = written;
  }

  void say(Instant now, Supplier<String> what) {
    if (written) {
      lines.add("%8.3f s  %s".formatted(Duration.between(start, now).toMillis() / 1e3, what.get()));
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
