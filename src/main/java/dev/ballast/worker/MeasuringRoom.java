package dev.ballast.worker;

import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.worker.measure.MeasureTurn;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where measured blocks happen. Exclusive ones take turns on the machine; shared ones run side by side, and it is noted when they did.
 */
public final class MeasuringRoom {
  private final MeasureTurn turn;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong entries = new AtomicLong();

  public MeasuringRoom(MeasureTurn turn) {
    this.turn = turn;
  }

  /** Enters for the blocks of one attempt; the turn is taken with the first of them. */
  Stay visit(Isolation isolation) {
    return new Stay(isolation == Isolation.EXCLUSIVE);
  }

  /** The stay of one attempt, over all its blocks. */
  final class Stay implements AutoCloseable {
    private final boolean exclusive;
    private MeasureTurn.@Nullable Holding holding;
    private boolean company;
    private long enteredAs;

    private Stay(boolean exclusive) {
      this.exclusive = exclusive;
    }

    /** Before each block; waits for the turn where it must. */
    void enter() throws InterruptedException {
      if (exclusive) {
        MeasureTurn.Holding held = holding;
        if (held == null) {
          holding = turn.take();
        } else {
          held.pass();
        }
      }
      enteredAs = entries.incrementAndGet();
      company |= inside.incrementAndGet() > 1;
    }

    /** After each block. */
    void leave() {
      company |= inside.decrementAndGet() > 0 || entries.get() != enteredAs;
    }

    /** Whether nothing else was measured in this process during any of the blocks. */
    boolean alone() {
      return !company;
    }

    @Override
    public void close() {
      MeasureTurn.Holding held = holding;
      if (held != null) {
        held.close();
      }
    }
  }
}
