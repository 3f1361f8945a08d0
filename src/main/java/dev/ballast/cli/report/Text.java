package dev.ballast.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Text on a terminal: how wide it is, and nothing in it that the terminal would obey. Names come
 * from job files and browsers, so they may hold anything.
 */
public final class Text {
  private Text() {}

  /** Columns that a terminal needs: 2 for wide characters, 0 for marks that combine. */
  static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT
        || Character.isISOControl(c)) {
      return 0;
    }
    return isWide(c) ? 2 : 1;
  }

  /** Blocks that Unicode's East Asian Width calls wide, and emoji. */
  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0x303E)
        || (c >= 0x3041 && c <= 0xA4CF)
        || (c >= 0xA960 && c <= 0xA97F)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0xFFE0 && c <= 0xFFE6)
        || (c >= 0x1F300 && c <= 0x1FAFF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }

  /**
   * One line without control characters: an escape sequence in a name must not reach the screen.
   */
  public static String clean(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          int type = Character.getType(c);
          if (Character.isISOControl(c)
              || type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR) {
            clean.append(' ');
          } else if (type != Character.SURROGATE && type != Character.FORMAT) {
            clean.appendCodePoint(c);
          }
        });
    return clean.toString();
  }

  /** At most that wide, ending in … where something is missing. */
  static String fit(String text, int width) {
    if (width(text) <= width) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int used = 0;
    for (int c : text.codePoints().toArray()) {
      if (used + width(c) > width - 1) {
        break;
      }
      kept.appendCodePoint(c);
      used += width(c);
    }
    return width < 1 ? "" : kept.append('…').toString();
  }

  public static String left(String text, int width) {
    String fitted = fit(text, width);
    return fitted + " ".repeat(Math.max(0, width - width(fitted)));
  }

  public static String right(String text, int width) {
    String fitted = fit(text, width);
    return " ".repeat(Math.max(0, width - width(fitted))) + fitted;
  }

  /** Lines of at most that width, broken at blanks; a longer word is cut with …. */
  static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (line.length() > 0 && width(line.toString()) + 1 + width(word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(fit(word, width));
    }
    lines.add(line.toString());
    return lines;
  }
}
