package dev.ballast.operator.validation;

import org.jspecify.annotations.Nullable;

/** Fields that a resource may leave out. */
final class Absent {
  private Absent() {}

  /** The value, or what stands for an absent one. */
  static <T> T or(@Nullable T value, T absent) {
    return value == null ? absent : value;
  }
}
