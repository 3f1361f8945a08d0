package dev.ballast.worker;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.MeasureTurn;
import dev.ballast.worker.measure.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where measured blocks happen. Exclusive ones take turns on the machine; shared ones run side by
 * side, and it is noted when they did.
 */
public final class MeasuringRoom {
  /** Longer than this nobody should have to wait behind others' turns of two blocks. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** With at least this many cores, one browser can load while another measures. */
  private static final int QUIET_CORES = 4;

  private final MeasureTurn turn;
  private final MachineLoad load;
  private final Pace pace = new Pace();

  public MeasuringRoom(MeasureTurn turn, MachineLoad load) {
    this.turn = turn;
    this.load = load;
  }

  /** Enters for the blocks of one attempt in that browser; the turn is taken with the first. */
  Stay visit(Isolation isolation, Browser browser) {
    return new Stay(isolation == Isolation.EXCLUSIVE, browser);
  }

  /** The stay of one attempt, over all its blocks. */
  final class Stay implements AutoCloseable {
    private final boolean exclusive;
    private final Browser browser;
    private MeasureTurn.@Nullable Turn held;
    private MeasureTurn.@Nullable Shared shared;
    private int blocksLeft;
    private @Nullable List<Long> processes;
    private Optional<MachineLoad.Reading> before = Optional.empty();
    private double slowdownBefore = 1;
    private boolean stillKnown;

    private Stay(boolean exclusive, Browser browser) {
      this.exclusive = exclusive;
      this.browser = browser;
    }

    /**
     * Before the model is loaded: where there are few cores, loading disturbs whoever measures, so
     * it waits for the turn too, and the first block follows in the same turn.
     */
    void enterToLoad() throws InterruptedException, AttemptFailure {
      if (exclusive && Runtime.getRuntime().availableProcessors() < QUIET_CORES) {
        takeTurn();
      }
    }

    private void takeTurn() throws InterruptedException, AttemptFailure {
      if (blocksLeft == 0) {
        giveBack();
        stillKnown = false;
        MeasureTurn.Turn taken = take();
        held = taken;
        blocksLeft = taken.blocks();
      }
    }

    /** Before each block; waits for the turn where it must. */
    void enter() throws InterruptedException, AttemptFailure {
      if (exclusive) {
        takeTurn();
      } else {
        shared = turn.share();
      }
    }

    /**
     * The browser's processes, looked for once, in some milliseconds of a moment when nothing is
     * measured: those that it starts later are found below these.
     */
    List<Long> processes() {
      List<Long> known = processes;
      if (known == null) {
        known = browser.processIds();
        processes = known;
      }
      return known;
    }

    /** Right before the first sample of a block. */
    void begin() {
      if (!stillKnown) {
        before = readLoad();
        slowdownBefore = pace.slowdown();
      }
    }

    /** After each block: what else the machine did meanwhile. */
    Surroundings leave() {
      double slowdownAfter = pace.slowdown();
      double slowdown = Math.max(slowdownBefore, slowdownAfter);
      Optional<MachineLoad.Reading> after = readLoad();
      Optional<MachineLoad.Load> between =
          before.isPresent() && after.isPresent()
              ? Optional.of(load.between(before.get(), after.get()))
              : Optional.empty();
      MeasureTurn.Shared beside = shared;
      MeasureTurn.Turn mine = held;
      boolean overlapped = beside != null ? beside.overlapped() : mine != null && mine.overlapped();
      if (beside != null) {
        beside.close();
        shared = null;
      }
      blocksLeft = Math.max(0, blocksLeft - 1);
      // The next block of the same turn follows at once: this one's end is its beginning.
      before = after;
      slowdownBefore = slowdownAfter;
      stillKnown = mine != null && blocksLeft > 0;
      return new Surroundings(between, mine != null, overlapped, slowdown);
    }

    /**
     * Only the measured browser's work is its own: another browser that has not come to rest after
     * its turn counts among the others. Absent for a browser whose processes are out of sight.
     */
    private Optional<MachineLoad.Reading> readLoad() {
      List<Long> known = processes();
      return known.isEmpty() ? Optional.empty() : load.read(known);
    }

    private MeasureTurn.Turn take() throws InterruptedException, AttemptFailure {
      try {
        return turn.take(PATIENCE)
            .orElseThrow(() ->
                new AttemptFailure(
                    Outcome.FAILED,
                    "no-turn",
                    "the machine was measuring others for " + PATIENCE.toMinutes() + " minutes"));
      } catch (IOException e) {
        throw new AttemptFailure(
            Outcome.FAILED,
            "no-turn",
            "the machine's turn to measure cannot be taken: " + e.getMessage());
      }
    }

    private void giveBack() {
      MeasureTurn.Turn mine = held;
      held = null;
      if (mine != null) {
        mine.close();
      }
    }

    @Override
    public void close() {
      giveBack();
      MeasureTurn.Shared beside = shared;
      if (beside != null) {
        beside.close();
      }
    }
  }

  /** What surrounded a block. */
  record Surroundings(
      Optional<MachineLoad.Load> load, boolean turnHeld, boolean overlapped, double slowdown) {
    /** As it is told in the result. */
    AttemptResult.Block told(double startMillis, double endMillis, int samples) {
      return new AttemptResult.Block(
          startMillis,
          endMillis,
          samples,
          load.map(MachineLoad.Load::ownCores).orElse(null),
          load.map(MachineLoad.Load::othersCores).orElse(null),
          load.map(MachineLoad.Load::stealCores).orElse(null),
          load.filter(known -> known.waitRatio().isPresent())
              .map(known -> known.waitRatio().getAsDouble())
              .orElse(null),
          slowdown);
    }
  }
}
