package dev.ballast.balancer.forecast;

/** Foretells a series of counts, tick by tick. */
public interface SeriesForecaster {
  /**
   * The count of the next tick.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  void observe(double count);

  /**
   * What the tick {@code steps} after the last observed one will bring.
   *
   * @param steps 1 … the longest distance it was made for
   */
  Quantiles ahead(int steps);
}
