package dev.ballast.model;

import java.util.regex.Pattern;

/**
 * How a page computes: {@code webgpu}, {@code webnn}, {@code wasm}, {@code webgl}. Open, because
 * workers may report one that is new to us.
 */
public record Backend(String name) implements Comparable<Backend> {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  public static final Backend WEBGPU = new Backend("webgpu");
  public static final Backend WEBNN = new Backend("webnn");
  public static final Backend WASM = new Backend("wasm");
  public static final Backend WEBGL = new Backend("webgl");

  public Backend {
    if (!FORM.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "backend \"%s\" must be a lower-case word. Maybe \"wasm\" or \"webgpu\"?"
              .formatted(name));
    }
  }

  @Override
  public int compareTo(Backend other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
