package dev.ballast.simulate.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Many seeds, on all processors.
 *
 * @param first the first seed
 * @param seeds how many, ≥ 1
 */
public record TortureRun(long first, long seeds) {
  /** What came of it: the smallest seed that broke a promise, if one did. */
  public record Result(Tally tally, OptionalLong broken) {}

  public TortureRun {
    if (seeds < 1) {
      throw new IllegalArgumentException("seeds (%d) must be at least 1".formatted(seeds));
    }
  }

  /**
   * Runs every seed, or stops early when one broke a promise and no smaller one can.
   *
   * @param done hears how many were run, from any thread
   */
  public Result run(LongConsumer done) {
    AtomicLong next = new AtomicLong(first);
    AtomicLong broken = new AtomicLong(first + seeds);
    AtomicLong count = new AtomicLong();
    Tally total = new Tally();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      threads.add(
          Thread.ofPlatform()
              .name("torture-" + i)
              .start(() -> {
                for (long seed = next.getAndIncrement();
                    seed < broken.get();
                    seed = next.getAndIncrement()) {
                  if (!survives(seed, total)) {
                    broken.accumulateAndGet(seed, Math::min);
                  }
                  done.accept(count.incrementAndGet());
                }
              }));
    }
    for (Thread thread : threads) {
      join(thread);
    }
    return new Result(
        total, broken.get() < first + seeds ? OptionalLong.of(broken.get()) : OptionalLong.empty());
  }

  /** The run of one seed in words, the last lines of it. */
  public static List<String> tell(long seed, int lines) {
    List<String> all = Torture.tell(seed);
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /** The command that runs one seed again. */
  public static String replay(long seed) {
    return "bin/ballast simulate --torture --seeds 1 --seed " + seed;
  }

  private static boolean survives(long seed, Tally total) {
    try {
      Tally tally = Torture.run(seed);
      synchronized (total) {
        total.add(tally);
      }
      return true;
    } catch (RuntimeException e) {
      // An exception of dispatch itself is a broken promise, too; it is told with the trace.
      return false;
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
