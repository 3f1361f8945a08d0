package dev.ballast.server.metrics;

import dev.ballast.model.AttemptResult;
import io.prometheus.client.exemplars.Exemplar;
import io.prometheus.client.exemplars.ExemplarSampler;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leads from a number to a task that is in it: what is recorded {@link #about} an attempt carries
 * an exemplar with the task's place under {@code /jobs/} of the API and of the console. Told to
 * whoever scrapes in the format of OpenMetrics.
 */
@Singleton
final class TaskExemplars implements ExemplarSampler {
  static final String LABEL = "task";

  /** OpenMetrics lets the labels of an exemplar have 128 characters in all. */
  private static final int LONGEST = 128 - LABEL.length();

  private static final ScopedValue<String> TASK = ScopedValue.newInstance();

  /** Whatever {@code recording} records is about that attempt. */
  static void about(AttemptResult attempt, Runnable recording) {
    String task = "%s/%s/tasks/%d".formatted(attempt.namespace(), attempt.uid(), attempt.index());
    if (task.length() > LONGEST) {
      recording.run();
    } else {
      ScopedValue.where(TASK, task).run(recording);
    }
  }

  @Override
  public @Nullable Exemplar sample(double increment, @Nullable Exemplar before) {
    return newest(increment);
  }

  @Override
  public @Nullable Exemplar sample(
      double value, double from, double to, @Nullable Exemplar before) {
    return newest(value);
  }

  /** Null leaves the one before. */
  private static @Nullable Exemplar newest(double value) {
    return TASK.isBound()
        ? new Exemplar(value, System.currentTimeMillis(), LABEL, TASK.get())
        : null;
  }

  /** In the place of Quarkus' own, which knows traces or nothing. */
  @Produces
  @Alternative
  @Priority(1)
  static Optional<ExemplarSampler> sampler() {
    return Optional.of(new TaskExemplars());
  }
}
