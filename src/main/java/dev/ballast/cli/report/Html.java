package dev.ballast.cli.report;

/** Text that a browser reads as text, wherever it stands in a page. */
public final class Html {
  private Html() {}

  /** For element content and quoted attribute values. Control characters become U+FFFD. */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '&' -> escaped.append("&amp;");
            case '"' -> escaped.append("&quot;");
            case '\'' -> escaped.append("&#39;");
            case '\n', '\t' -> escaped.appendCodePoint(c);
            default -> escaped.appendCodePoint(isText(c) ? c : 0xFFFD);
          }
        });
    return escaped.toString();
  }

  private static boolean isText(int c) {
    int type = Character.getType(c);
    // Directional overrides could make the rest of a line read backwards.
    boolean override = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return !Character.isISOControl(c) && type != Character.SURROGATE && !override;
  }
}
