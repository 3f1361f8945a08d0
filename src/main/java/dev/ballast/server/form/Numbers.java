package dev.ballast.server.form;

import jakarta.ws.rs.BadRequestException;

/**
 * Numbers of paths and queries. JAX-RS would answer one that is none with 404, as if the resource
 * were not there.
 */
public final class Numbers {
  private Numbers() {}

  /** A whole number in {@code low}–{@code high}; anything else is answered with 400. */
  public static int in(String name, String text, int low, int high) {
    try {
      int number = Integer.parseInt(text);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new BadRequestException(
        "%s (%s) must be a whole number in %d–%d".formatted(name, text, low, high));
  }
}
