package dev.ballast.store;

import dev.ballast.dispatch.JournalException;

/** A record of the journal is missing, flipped or unreadable. Nothing after it was handed out. */
public final class DamagedJournalException extends JournalException {
  private static final long serialVersionUID = 1L;

  private final long sequence;

  DamagedJournalException(long sequence, String message, Throwable cause) {
    super(message, cause);
    this.sequence = sequence;
  }

  /** The record that is damaged; they count from 1. */
  public long sequence() {
    return sequence;
  }
}
