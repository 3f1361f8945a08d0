package dev.ballast.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything known about one ended attempt: the line of a report, the row of the history. Times in
 * milliseconds, sizes in bytes; what is unknown is null, never 0.
 *
 * @param job name of the job; {@code uid} tells two runs of one name apart
 * @param warmStart the model was resident before, so that no load time was paid
 * @param code a stable word for a failure ({@code model-not-found}, {@code sha256-mismatch}, {@code
 *     page-error}, …)
 */
public record AttemptResult(
    int schema,
    String namespace,
    String job,
    String uid,
    int index,
    int attempt,
    long epoch,
    Model model,
    @Nullable Engine runtime,
    Backends backend,
    @Nullable BrowserInstance browser,
    @Nullable Adapter adapter,
    String worker,
    @Nullable String node,
    @Nullable String os,
    Instant startedAt,
    @Nullable Phases phases,
    @Nullable Double wall,
    @Nullable Boolean warmStart,
    List<Double> samples,
    @Nullable Sampling sampling,
    @Nullable Summary summary,
    @Nullable Long peakMemoryBytes,
    @Nullable Correctness correctness,
    Outcome outcome,
    @Nullable String code,
    @Nullable String message,
    Verdict verdict) {

  public static final int SCHEMA = 1;

  /** The model as it was run; {@code sha256} of its bytes. */
  public record Model(String name, ModelFamily family, @Nullable String sha256) {}

  /** The engine that ran it in the page. */
  public record Engine(String name, @Nullable String version) {}

  /** Asked for (null: the balancer chose) and really used (null: it did not come that far). */
  public record Backends(@Nullable Backend requested, @Nullable Backend actual) {}

  /**
   * How the output compared. {@code reference}: {@code golden}, {@code wasm} (same run), or {@code
   * page} (the user's own).
   */
  public record Correctness(
      String reference, @Nullable Double maxError, @Nullable Double tolerance) {}

  /**
   * How the samples were taken.
   *
   * @param inferencesPerSample each sample is the time of so many inferences in a row, divided by
   *     their number: more than 1 where one alone is too short for the page's clock
   * @param timerResolutionMillis the smallest step of that clock
   * @param warmupRuns inferences thrown away before the first sample
   * @param blocks the samples in the order they were taken, each block in one go
   */
  public record Sampling(
      int inferencesPerSample,
      @Nullable Double timerResolutionMillis,
      int warmupRuns,
      List<Block> blocks) {
    public Sampling {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * One block of samples, and what the machine did meanwhile; cores are averages over the block.
   *
   * @param startMillis since the start of the attempt, as is {@code endMillis}
   * @param samples how many of {@link AttemptResult#samples} came from it
   * @param ownCores used by the measured browser
   * @param othersCores used by everything else on the machine
   * @param stealCores taken by the hypervisor
   * @param waitRatio time that the browser's threads waited for a core ÷ time they ran on one
   * @param slowdown how much longer than ever a fixed piece of arithmetic took the worker right
   *     before or after the block, ≥ 1: what a busy sibling core or host does, and no counter tells
   */
  public record Block(
      double startMillis,
      double endMillis,
      int samples,
      @Nullable Double ownCores,
      @Nullable Double othersCores,
      @Nullable Double stealCores,
      @Nullable Double waitRatio,
      @Nullable Double slowdown) {}

  public AttemptResult {
    requireNonNull(uid, "uid");
    requireNonNull(model, "model");
    requireNonNull(backend, "backend");
    requireNonNull(worker, "worker");
    requireNonNull(startedAt, "startedAt");
    requireNonNull(outcome, "outcome");
    requireNonNull(verdict, "verdict");
    samples = List.copyOf(samples);
  }

  public AttemptId attemptId() {
    return new AttemptId(new TaskId(uid, index), attempt, epoch);
  }
}
