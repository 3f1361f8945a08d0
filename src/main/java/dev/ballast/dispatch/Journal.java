package dev.ballast.dispatch;

import java.util.List;
import java.util.function.Consumer;

/**
 * Where dispatch keeps its events. What was appended is durable when the call returns: only then
 * may anyone be told of it.
 */
public interface Journal {
  /**
   * Appends a batch as one transaction, all or nothing; throws {@link JournalException} when it
   * could not be made durable.
   */
  void append(List<Event> batch);

  /** Hands every event ever appended to {@code reader}, oldest first. */
  void replay(Consumer<Event> reader);

  /** Opens a new reign: durable, and greater than every earlier one. */
  long nextEpoch();
}
