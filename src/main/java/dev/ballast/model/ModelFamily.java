package dev.ballast.model;

import java.util.Arrays;
import java.util.Optional;

/** What a model is for; affinities are configured per family. */
public enum ModelFamily {
  AUDIO("audio"),
  VISION("vision"),
  TEXT_EMBEDDING("text-embedding"),
  LLM("llm"),
  MULTIMODAL("multimodal"),
  OTHER("other");

  private final String label;

  ModelFamily(String label) {
    this.label = label;
  }

  /** The name used in job files, results and metrics, for example {@code text-embedding}. */
  public String label() {
    return label;
  }

  public static Optional<ModelFamily> of(String label) {
    return Arrays.stream(values()).filter(family -> family.label.equals(label)).findFirst();
  }

  @Override
  public String toString() {
    return label;
  }
}
