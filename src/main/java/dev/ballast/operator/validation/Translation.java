package dev.ballast.operator.validation;

import dev.ballast.model.JobSpec;
import java.util.List;

/** What a job comes to in the model, or what is missing around it. */
public sealed interface Translation {
  record Translated(JobSpec spec) implements Translation {}

  /** Something outside of the resource is not there: a file, a builtin model. */
  record Refused(List<Problem> problems) implements Translation {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
