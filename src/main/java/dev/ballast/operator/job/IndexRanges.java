package dev.ballast.operator.job;

import com.google.common.base.Splitter;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Sets of indexes as {@code batch/v1} writes them: {@code 0-41,43}. */
final class IndexRanges {
  private IndexRanges() {}

  /** Absent for the empty set, so that a status does not grow an empty field. */
  static @Nullable String format(BitSet indexes) {
    if (indexes.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (int from = indexes.nextSetBit(0); from >= 0; ) {
      int to = indexes.nextClearBit(from) - 1;
      text.append(text.isEmpty() ? "" : ",").append(from);
      if (to > from) {
        text.append('-').append(to);
      }
      from = indexes.nextSetBit(to + 1);
    }
    return text.toString();
  }

  /**
   * Reads what {@link #format} wrote; throws {@link IllegalArgumentException} for anything else.
   *
   * @param limit indexes lie below it
   */
  static BitSet parse(@Nullable String text, int limit) {
    BitSet indexes = new BitSet();
    if (text == null || text.isEmpty()) {
      return indexes;
    }
    for (String range : Splitter.on(',').split(text)) {
      int dash = range.indexOf('-');
      int from = index(dash < 0 ? range : range.substring(0, dash), text, limit);
      int to = dash < 0 ? from : index(range.substring(dash + 1), text, limit);
      if (to < from) {
        throw new IllegalArgumentException(
            "\"%s\" goes backwards at \"%s\"".formatted(text, range));
      }
      indexes.set(from, to + 1);
    }
    return indexes;
  }

  private static int index(String number, String text, int limit) {
    try {
      int index = Integer.parseInt(number);
      if (index >= 0 && index < limit) {
        return index;
      }
    } catch (NumberFormatException e) {
      // told below, as a number that is too large is
    }
    throw new IllegalArgumentException(
        "\"%s\" of \"%s\" is not an index of 0–%d".formatted(number, text, limit - 1));
  }
}
