package dev.ballast.model;

import java.util.List;

/**
 * One running browser. {@code instance} is new at every start of it; {@code version} is what the
 * browser says of itself.
 */
public record BrowserInstance(
    BrowserKind kind, String version, String instance, List<String> arguments) {
  public BrowserInstance {
    arguments = List.copyOf(arguments);
  }
}
