package dev.ballast.model;

import java.net.URI;

/** Where the bytes of a model come from, or the page that takes a model's place. */
public sealed interface ModelSource {
  /** A model that Ballast ships, by its id, for example {@code silero-vad}. */
  record Builtin(String id) implements ModelSource {}

  /**
   * An ONNX file or URL; {@code sha256} (64 lower-case hex digits) is checked before the model is
   * used.
   */
  record Remote(URI location, String sha256) implements ModelSource {}

  /** A test page of the user's own, that defines {@code start(job)}. */
  record Page(URI url) implements ModelSource {}
}
