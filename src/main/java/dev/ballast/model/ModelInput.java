package dev.ballast.model;

import java.util.List;

/**
 * One input tensor of a user's model.
 *
 * @param type ONNX element type: {@code float32}, {@code float16}, {@code int64}, {@code int32},
 *     {@code uint8}, {@code bool}
 * @param shape fixed dimensions, each ≥ 1
 * @param fill {@code zeros}, {@code ones}, {@code ramp} (0, 1, 2, …) or {@code random} (seeded,
 *     uniform 0–1)
 */
public record ModelInput(String name, String type, List<Integer> shape, String fill) {
  public ModelInput {
    shape = List.copyOf(shape);
  }
}
