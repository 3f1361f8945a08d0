package dev.ballast.cli.run;

import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptResult;
import java.util.List;

/** Is told how a run goes on. */
interface ProgressListener {
  /** An attempt ended; {@code again}: the task will be tried again. */
  void ended(AttemptResult result, boolean again);

  /** Nothing can be made durable now, for that reason; {@link #look} says when it can again. */
  void waits(String reason);

  /** A few times a second: how things stand. */
  void look(List<JobView> jobs, List<WorkerView> workers);
}
