package dev.ballast.store;

import dev.ballast.store.EventCodec.UnreadableEventException;

/** What is said of a record that is not as it was written. */
final class Damage {
  static final String ADVICE =
      "Put a backup of ballast.duckdb in its place, or move it away to start empty";

  private Damage() {}

  static DamagedJournalException ofRecord(long sequence, String how) {
    return ofRecord(sequence, new UnreadableEventException(how));
  }

  static DamagedJournalException ofRecord(long sequence, UnreadableEventException cause) {
    return new DamagedJournalException(
        sequence,
        "record %d of the journal is damaged: %s. %s"
            .formatted(sequence, cause.getMessage(), ADVICE),
        cause);
  }

  static DamagedJournalException ofSnapshot(long part, String how) {
    return new DamagedJournalException(
        part,
        "part %d of the journal's snapshot is damaged: %s. %s".formatted(part, how, ADVICE),
        new UnreadableEventException(how));
  }
}
