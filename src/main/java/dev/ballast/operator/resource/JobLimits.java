package dev.ballast.operator.resource;

import dev.ballast.model.JobSpec;

/** The sizes up to which a resource is accepted. */
public final class JobLimits {
  /** Tasks of one job. */
  public static final int MAX_TASKS = JobSpec.MAX_TASKS;

  /** Models of one job. */
  public static final int MAX_MODELS = 100;

  /** Kinds of browser in one job. */
  public static final int MAX_BROWSERS = 20;

  private JobLimits() {}
}
