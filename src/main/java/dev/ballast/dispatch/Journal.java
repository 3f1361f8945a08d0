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
   * could not be made durable. An empty batch writes nothing, and throws when one could not be
   * written now.
   *
   * @param decisions why attempts of the batch were placed where they were: kept beside the events,
   *     and not handed out by {@link #replay}
   */
  void append(List<Event> batch, List<Decided> decisions);

  /** Hands the last snapshot and every event after it to {@code reader}, oldest first. */
  void replay(Consumer<Event> reader);

  /**
   * Puts {@code state} in the place of everything appended until now: all of it or nothing, at once
   * or a little later. A snapshot that fails loses nothing; another one will be taken.
   *
   * @param state events whose fold is the fold of everything appended until now
   */
  void snapshot(List<Event> state);

  /** Opens a new reign: durable, and greater than every earlier one. */
  long nextEpoch();
}
