package dev.ballast.worker;

import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.MeasureTurn;
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

  public MeasuringRoom(MeasureTurn turn, MachineLoad load) {
    this.turn = turn;
    this.load = load;
  }

  /** Enters for the blocks of one attempt; the turn is taken with the first of them. */
  Stay visit(Isolation isolation) {
    return new Stay(isolation == Isolation.EXCLUSIVE);
  }

  /** The stay of one attempt, over all its blocks. */
  final class Stay implements AutoCloseable {
    private final boolean exclusive;
    private MeasureTurn.@Nullable Turn held;
    private MeasureTurn.@Nullable Shared shared;
    private int blocksLeft;
    private Optional<MachineLoad.Reading> before = Optional.empty();

    private Stay(boolean exclusive) {
      this.exclusive = exclusive;
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
      before = readLoad();
    }

    /** After each block: what else the machine did meanwhile. */
    Surroundings leave() {
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
      return new Surroundings(between, mine != null, overlapped);
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
  record Surroundings(Optional<MachineLoad.Load> load, boolean turnHeld, boolean overlapped) {}

  /** All browsers of this process are its descendants. */
  private Optional<MachineLoad.Reading> readLoad() {
    return load.read(List.of(ProcessHandle.current().pid()));
  }
}
