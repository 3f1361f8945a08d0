package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.WorkerId;

/** The durable part of the state as text, as one reign sees it: equal for equal folds. */
final class DurableText {
  private final long epoch;

  DurableText(long ofEpoch) {
    this.epoch = ofEpoch;
  }

  String of(Ledger ledger) {
    StringBuilder text = new StringBuilder();
    for (JobRecord job : ledger.jobs()) {
      text.append(job.uid).append(' ').append(job.spec).append(' ').append(job.end).append('\n');
      for (TaskRecord task : job.tasks) {
        text.append("%d: %s attempts=%d".formatted(task.index, of(task.state), task.attempts));
        if (!(task.state instanceof TaskState.Done || task.state instanceof TaskState.Dropped)) {
          // What failures have taught matters as long as there may be another attempt.
          text.append(
              " failures=%d losses=%d outgrown=%d avoid=%s"
                  .formatted(
                      task.failures,
                      task.losses,
                      task.outgrownBytes,
                      task.avoid.stream().sorted().toList()));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  private String of(TaskState state) {
    return switch (state) {
      case TaskState.Waiting _ -> "waiting";
      case TaskState.Bound bound -> of(bound.attempt(), bound.worker());
      case TaskState.Running running -> of(running.attempt(), running.worker());
      case TaskState.Done done -> done.toString();
      case TaskState.Dropped dropped -> dropped.toString();
    };
  }

  /** What an older reign bound waits in this one. */
  private String of(AttemptId attempt, WorkerId worker) {
    return attempt.epoch() < epoch ? "waiting" : attempt + " at " + worker;
  }
}
