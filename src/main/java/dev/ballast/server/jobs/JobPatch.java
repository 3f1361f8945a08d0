package dev.ballast.server.jobs;

import dev.ballast.dispatch.Command.JobChange;
import dev.ballast.model.JobSpec;
import dev.ballast.server.form.Problem;
import jakarta.ws.rs.BadRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may change of a job, as it is sent; what is absent stays. */
public record JobPatch(
    @Nullable Boolean suspend, @Nullable Integer parallelism, @Nullable Integer priority) {
  /** For a body that holds nothing. */
  public static final String HOLDS = "the body must hold suspend, parallelism or priority";

  private static final int MAX_PRIORITY = 1_000_000;

  /** What dispatch is asked for; a value that cannot be is answered with 400 and its field. */
  public JobChange change() {
    if (suspend == null && parallelism == null && priority == null) {
      throw new BadRequestException(HOLDS);
    }
    List<Problem.Field> errors = new ArrayList<>();
    if (parallelism != null && (parallelism < 1 || parallelism > JobSpec.MAX_TASKS)) {
      errors.add(
          new Problem.Field(
              "/parallelism",
              "parallelism (%d) must lie in 1–%d".formatted(parallelism, JobSpec.MAX_TASKS)));
    }
    if (priority != null && Math.abs((long) priority) > MAX_PRIORITY) {
      errors.add(
          new Problem.Field(
              "/priority",
              "priority (%d) must lie in -%d–%d".formatted(priority, MAX_PRIORITY, MAX_PRIORITY)));
    }
    if (!errors.isEmpty()) {
      throw new Problem.InvalidFieldsException(errors);
    }
    return new JobChange(
        Optional.ofNullable(suspend),
        Optional.ofNullable(parallelism),
        Optional.ofNullable(priority));
  }
}
