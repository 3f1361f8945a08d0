package dev.ballast.simulate;

/** Measures what decisions cost on the machine that simulates; the core has no clock of its own. */
@FunctionalInterface
public interface Stopwatch {
  /** Stands still: what does not measure gives the same output on any machine. */
  Stopwatch STOPPED = () -> 0;

  /** Nanoseconds since some moment; never less than the time before. */
  long nanos();
}
