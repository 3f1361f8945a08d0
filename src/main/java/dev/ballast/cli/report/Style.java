package dev.ballast.cli.report;

import java.util.Map;

/** Colours of a terminal, or none. */
public record Style(boolean colours) {
  public static final Style PLAIN = new Style(false);

  /** Colours on a terminal, unless {@code NO_COLOR} is set (to anything) or it is a dumb one. */
  public static Style of(boolean terminal, Map<String, String> environment) {
    return new Style(
        terminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb"));
  }

  String bold(String text) {
    return wrap("1", text);
  }

  String dim(String text) {
    return wrap("2", text);
  }

  String good(String text) {
    return wrap("32", text);
  }

  String warning(String text) {
    return wrap("33", text);
  }

  String bad(String text) {
    return wrap("31", text);
  }

  private String wrap(String code, String text) {
    return colours && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
