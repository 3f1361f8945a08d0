package dev.ballast.worker.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a page's console. A page that prints without end costs no memory here. */
final class Console {
  private static final int KEPT_LINES = 200;
  private static final int KEPT_CHARACTERS = 2_000;

  private final Deque<String> lines = new ArrayDeque<>();
  private long printed;

  /** Takes a {@code log.entryAdded} event. */
  synchronized void add(JsonNode entry) {
    String uncaught = "javascript".equals(entry.path("type").asText()) ? "uncaught " : "";
    String text = entry.path("text").asText();
    if (text.startsWith("Uncaught ")) {
      text = text.substring("Uncaught ".length()); // as Chromium says it; Firefox does not
    }
    String line = "%s: %s%s".formatted(entry.path("level").asText(), uncaught, text);
    lines.add(line.length() > KEPT_CHARACTERS ? line.substring(0, KEPT_CHARACTERS) + "…" : line);
    printed++;
    if (lines.size() > KEPT_LINES) {
      lines.remove();
    }
  }

  synchronized long printed() {
    return printed;
  }

  /** Those that are kept of the lines after the first {@code from}. */
  synchronized List<String> lines(long from) {
    return lines.stream().skip(Math.max(0, from - (printed - lines.size()))).toList();
  }
}
