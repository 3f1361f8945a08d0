package dev.ballast.cli.load;

import dev.ballast.cli.command.Exit;
import dev.ballast.simulate.torture.TortureRun;
import java.io.PrintStream;
import java.util.Locale;

/** Tells how the torture of dispatch went: the counts, or the seed that broke a promise. */
public final class TortureReport {
  private static final int TOLD_LINES = 60;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean progress;

  public TortureReport(PrintStream out, PrintStream err, boolean progress) {
    this.out = out;
    this.err = err;
    this.progress = progress;
  }

  public int run(TortureRun run) {
    long begun = System.nanoTime();
    TortureRun.Result result =
        run.run(done -> {
          if (progress && done % 500 == 0) {
            err.printf("\r%d of %d seeds", done, run.seeds());
          }
        });
    if (progress) {
      err.print("\r");
    }
    if (result.broken().isPresent()) {
      long seed = result.broken().getAsLong();
      TortureRun.tell(seed, TOLD_LINES).forEach(out::println);
      out.printf("seed %d broke a promise. Run it again with: %s%n", seed, TortureRun.replay(seed));
      return Exit.FAILED;
    }
    out.printf(
        Locale.ROOT,
        "%d seeds in %.1f s: %s%n",
        run.seeds(),
        (System.nanoTime() - begun) / 1e9,
        result.tally());
    out.printf("torture: %d seeds, 0 lost, 0 doubled, 0 broken promises%n", run.seeds());
    return Exit.OK;
  }
}
