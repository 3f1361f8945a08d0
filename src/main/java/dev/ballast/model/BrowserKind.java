package dev.ballast.model;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A make of browser: {@code chrome}, {@code chromium}, {@code edge}, {@code firefox}, … An open
 * set: a kind nobody has heard of is a normal value.
 */
public record BrowserKind(String name) implements Comparable<BrowserKind> {
  private static final Pattern FORM = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  public static final BrowserKind CHROME = new BrowserKind("chrome");
  public static final BrowserKind CHROMIUM = new BrowserKind("chromium");
  public static final BrowserKind EDGE = new BrowserKind("edge");
  public static final BrowserKind FIREFOX = new BrowserKind("firefox");

  /** Those that a worker can find and drive on its machine. */
  public static final List<BrowserKind> DRIVEN = List.of(CHROME, CHROMIUM, EDGE, FIREFOX);

  public BrowserKind {
    if (!FORM.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "browser kind \"%s\" must be a lower-case DNS label. Maybe \"chromium\" or \"firefox\"?"
              .formatted(name));
    }
  }

  @Override
  public int compareTo(BrowserKind other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
