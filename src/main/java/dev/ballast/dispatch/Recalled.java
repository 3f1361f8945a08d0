package dev.ballast.dispatch;

import java.util.BitSet;

/**
 * What a job's owner still knows of its ended tasks when the journal that had them is lost. They
 * are not run again; what they measured is gone.
 */
public record Recalled(BitSet succeeded, BitSet failed) {
  /** Nothing is known: the job is new. */
  public static final Recalled NOTHING = new Recalled(new BitSet(), new BitSet());

  public boolean isEmpty() {
    return succeeded.isEmpty() && failed.isEmpty();
  }
}
