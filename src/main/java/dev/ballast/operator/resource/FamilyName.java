package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ballast.model.ModelFamily;

/** What a model is for. */
public enum FamilyName {
  @JsonProperty("audio")
  AUDIO(ModelFamily.AUDIO),
  @JsonProperty("vision")
  VISION(ModelFamily.VISION),
  @JsonProperty("text-embedding")
  TEXT_EMBEDDING(ModelFamily.TEXT_EMBEDDING),
  @JsonProperty("llm")
  LLM(ModelFamily.LLM),
  @JsonProperty("multimodal")
  MULTIMODAL(ModelFamily.MULTIMODAL),
  @JsonProperty("other")
  OTHER(ModelFamily.OTHER);

  private final ModelFamily family;

  FamilyName(ModelFamily family) {
    this.family = family;
  }

  public ModelFamily family() {
    return family;
  }
}
