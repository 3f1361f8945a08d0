package dev.ballast.simulate.torture;

import dev.ballast.dispatch.Event;

/** Events as a reader wants them. */
final class Words {
  private Words() {}

  static String of(Event event) {
    return switch (event) {
      case Event.JobAccepted job -> "job %s is accepted".formatted(job.uid());
      case Event.TasksRecalled job -> "ended tasks of %s are recalled".formatted(job.uid());
      case Event.AttemptBound bound ->
          "%s is bound to %s on %s".formatted(bound.attempt(), bound.worker(), bound.backend());
      case Event.AttemptReturned back -> "%s is taken back".formatted(back.attempt());
      case Event.AttemptEnded end ->
          "%s ended: %s%s"
              .formatted(
                  end.result().attemptId(),
                  end.result().outcome(),
                  end.retryAt().map(" and is tried again at %s"::formatted).orElse(", for good"));
      case Event.JobChanged job ->
          "job %s is %s".formatted(job.uid(), job.suspend() ? "suspended" : "not suspended");
      case Event.JobEnded job -> "job %s ended: %s".formatted(job.uid(), job.reason());
      case Event.JobForgotten job -> "job %s is forgotten".formatted(job.uid());
      case Event.JobRestored job -> "job %s is restored".formatted(job.uid());
      case Event.TasksRestored job -> "tasks of %s are restored".formatted(job.uid());
    };
  }
}
