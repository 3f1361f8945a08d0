package dev.ballast.operator.validation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the word somebody meant. */
public final class Suggestions {
  private Suggestions() {}

  /** The closest of the known words, if it is close enough to be meant. */
  public static Optional<String> closest(String word, Collection<String> known) {
    int tolerance = Math.max(1, Math.min(3, word.length() / 3));
    return known.stream()
        .filter(candidate -> Math.abs(candidate.length() - word.length()) <= tolerance)
        .filter(candidate -> distance(word, candidate) <= tolerance)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** {@code Maybe "wasm"? Known here: wasm, webgpu.} */
  public static String advice(String word, Collection<String> known) {
    List<String> parts = new ArrayList<>();
    closest(word, known).ifPresent(candidate -> parts.add("Maybe \"%s\"?".formatted(candidate)));
    if (!known.isEmpty()) {
      parts.add("Known here: %s.".formatted(String.join(", ", known)));
    }
    return String.join(" ", parts);
  }

  /** Insertions, deletions, replacements and swaps of neighbours; case does not count. */
  static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
