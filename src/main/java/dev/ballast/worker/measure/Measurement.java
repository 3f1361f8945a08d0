package dev.ballast.worker.measure;

import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import dev.ballast.model.RunOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * All that {@link Judge} looks at: one attempt's samples with the circumstances they were taken in.
 *
 * @param assigned the backend that the attempt was to run on
 * @param actual the backend that ran it, as the page found out
 * @param allowedFallbacks backends that the job accepts instead
 * @param adapter of the GPU, where the page has one; judged only when the actual backend used it
 * @param warmupIterations runs that were really thrown away before the first sample
 * @param timerResolutionMillis smallest step of the page's clock; where a sample is the mean of
 *     several inferences, divided by their number
 * @param randomWeights the model says that its weights are random
 */
public record Measurement(
    RunOptions run,
    Backend assigned,
    Optional<Backend> actual,
    Set<Backend> allowedFallbacks,
    Optional<Adapter> adapter,
    Output output,
    int warmupIterations,
    OptionalDouble timerResolutionMillis,
    boolean randomWeights,
    List<Block> blocks) {

  public Measurement {
    allowedFallbacks = Set.copyOf(allowedFallbacks);
    blocks = List.copyOf(blocks);
  }

  /**
   * How the output compared with its reference.
   *
   * @param finite no NaN and no infinity in it
   * @param mismatch the page says that it is not the reference, also where no number tells by how
   *     much: an output is missing, or has another shape
   * @param maxError largest difference from the reference, absent without one
   */
  public record Output(
      boolean finite, boolean mismatch, OptionalDouble maxError, OptionalDouble tolerance) {
    /** Finite, and nothing to compare it with. */
    public static final Output UNCOMPARED =
        new Output(true, false, OptionalDouble.empty(), OptionalDouble.empty());

    boolean wrong() {
      return mismatch
          || (maxError.isPresent()
              && tolerance.isPresent()
              // An error that is itself no number is no agreement either.
              && !(maxError.getAsDouble() <= tolerance.getAsDouble()));
    }
  }

  /**
   * Samples taken in one go.
   *
   * @param samples in milliseconds
   * @param load what the machine did meanwhile, where it tells
   * @param turnHeld the block ran in its {@link MeasureTurn}
   * @param overlapped other measured work ran meanwhile
   */
  public record Block(
      List<Double> samples,
      Optional<MachineLoad.Load> load,
      boolean turnHeld,
      boolean overlapped,
      PageState page) {
    public Block {
      samples = List.copyOf(samples);
    }
  }

  /**
   * What the page noticed of itself during a block.
   *
   * @param hidden {@code document.visibilityState} was ever {@code hidden}
   * @param longGaps pauses of over 100 ms between one iteration's end and the next one's start
   */
  public record PageState(boolean hidden, int longGaps) {
    public static final PageState AWAKE = new PageState(false, 0);
  }

  double[] samples() {
    return blocks.stream()
        .flatMap(block -> block.samples().stream())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
