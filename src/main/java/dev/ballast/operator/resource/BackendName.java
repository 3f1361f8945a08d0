package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ballast.model.Backend;

/** The backends a user may ask for. */
public enum BackendName {
  @JsonProperty("wasm")
  WASM("wasm"),
  @JsonProperty("webgpu")
  WEBGPU("webgpu"),
  @JsonProperty("webnn")
  WEBNN("webnn"),
  @JsonProperty("webgl")
  WEBGL("webgl");

  private final String label;

  BackendName(String label) {
    this.label = label;
  }

  public Backend backend() {
    return new Backend(label);
  }
}
