package dev.ballast.model;

import java.util.OptionalLong;

/**
 * What a task needs of a browser beyond its backend; {@code memoryBytes} is absent where nothing
 * was asked.
 */
public record Requirements(OptionalLong memoryBytes, HardwareAcceleration hardwareAcceleration) {
  public static final Requirements NONE =
      new Requirements(OptionalLong.empty(), HardwareAcceleration.ANY);

  /**
   * {@code PREFERRED} takes a software adapter where there is no other; {@code REQUIRED} waits
   * instead.
   */
  public enum HardwareAcceleration {
    REQUIRED,
    PREFERRED,
    ANY
  }
}
