package dev.ballast.dispatch;

import dev.ballast.model.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What users ask of jobs, and how jobs end. */
final class Jobs {
  private final Ledger ledger;
  private final Leases leases;
  private final TaskQueue queue;
  private final Answers answers;
  private final DispatchSettings.Retention retention;
  private final Alarm alarm;

  Jobs(
      Ledger ledger,
      Leases leases,
      TaskQueue queue,
      Answers answers,
      DispatchSettings.Retention retention,
      Alarm alarm) {
    this.retention = retention;
    this.ledger = ledger;
    this.leases = leases;
    this.queue = queue;
    this.answers = answers;
    this.alarm = alarm;
  }

  void submit(Command.SubmitJob command) {
    JobSpec spec = command.job();
    Optional<JobRecord> same = ledger.unfinished(spec.namespace(), spec.name());
    if (same.isPresent()) {
      answers.refuse(
          command.ticket(),
          DispatchException.Code.JOB_UNFINISHED,
          "job \"%s\" of namespace \"%s\" is unfinished (uid %s). Maybe resume or cancel it?"
              .formatted(spec.name(), spec.namespace(), same.get().uid));
      return;
    }
    ledger.emit(new Event.JobAccepted(command.uid(), spec, alarm.now()));
    answers.give(new Reply.Job(command.ticket(), command.uid()));
  }

  /** Once for each uid, however often it is asked for. */
  void take(Command.TakeJob command) {
    if (ledger.find(command.uid()) != null) {
      answers.give(new Reply.Job(command.ticket(), command.uid()));
      return;
    }
    submit(new Command.SubmitJob(command.ticket(), command.uid(), command.job()));
    JobRecord job = ledger.find(command.uid());
    if (job != null && !command.recalled().isEmpty()) {
      ledger.emit(
          new Event.TasksRecalled(
              job.uid,
              command.recalled().succeeded().stream()
                  .filter(i -> i < job.tasks.length)
                  .boxed()
                  .toList(),
              command.recalled().failed().stream()
                  .filter(i -> i < job.tasks.length && !command.recalled().succeeded().get(i))
                  .boxed()
                  .toList(),
              alarm.now()));
      settle(job);
    }
  }

  void resume(Command.ResumeJob command) {
    Optional<JobRecord> found = ledger.unfinished(command.namespace(), command.name());
    if (found.isEmpty()) {
      answers.refuse(
          command.ticket(),
          DispatchException.Code.NO_SUCH_JOB,
          "no unfinished job \"%s\" in namespace \"%s\""
              .formatted(command.name(), command.namespace()));
      return;
    }
    JobRecord job = found.get();
    if (job.held) {
      job.held = false;
      job.activeSince = alarm.now();
      job.deadline().ifPresent(alarm::atLatest);
      queue.lookAgain();
    }
    answers.give(new Reply.Job(command.ticket(), job.uid));
  }

  void cancel(Command.CancelJob command) {
    JobRecord job = unfinishedOrRefuse(command.ticket(), command.uid());
    if (job != null) {
      end(job, Event.JobEnd.CANCELLED, "Cancelled", command.message());
      answers.give(new Reply.Done(command.ticket()));
    }
  }

  void change(Command.ChangeJob command) {
    JobRecord job = unfinishedOrRefuse(command.ticket(), command.uid());
    if (job == null) {
      return;
    }
    Command.JobChange change = command.change();
    Optional<Integer> present = job.spec.parallelism().stream().boxed().findFirst();
    boolean suspend = change.suspend().orElse(job.spec.suspend());
    ledger.emit(
        new Event.JobChanged(
            job.uid,
            suspend,
            change.parallelism().or(() -> present),
            change.priority().orElse(job.spec.priority()),
            alarm.now()));
    if (suspend) {
      for (TaskRecord task : job.tasks) {
        leases.askBack(task.lease);
      }
    }
    answers.give(new Reply.Done(command.ticket()));
  }

  /** Ends the job if the end of a task has decided it. */
  void settle(JobRecord job) {
    if (job.ended()) {
      return;
    }
    int total = job.tasks.length;
    if (job.spec.maxFailedIndexes().isPresent()
        && job.failed > job.spec.maxFailedIndexes().getAsInt()) {
      end(
          job,
          Event.JobEnd.FAILED,
          "MaxFailedIndexesExceeded",
          "%d tasks failed, at most %d may"
              .formatted(job.failed, job.spec.maxFailedIndexes().getAsInt()));
    } else if (job.succeeded == total) {
      end(
          job,
          Event.JobEnd.COMPLETE,
          "CompletionsReached",
          "all %d tasks succeeded".formatted(total));
    } else if (job.succeeded + job.failed == total) {
      end(
          job,
          Event.JobEnd.FAILED,
          "FailedIndexes",
          "%d of %d tasks failed".formatted(job.failed, total));
    }
  }

  /** Ends the jobs whose deadline has passed. */
  void expire() {
    for (JobRecord job : List.copyOf(ledger.open())) {
      Optional<Instant> deadline = job.deadline();
      if (deadline.isPresent() && !alarm.now().isBefore(deadline.get())) {
        end(
            job,
            Event.JobEnd.FAILED,
            "DeadlineExceeded",
            "%d of %d tasks had succeeded when the job's deadline passed"
                .formatted(job.succeeded, job.tasks.length));
      }
    }
  }

  /** Forgets ended jobs, the oldest first: by age, and early while they are too many. */
  void forget() {
    int tasks = 0;
    List<JobRecord> ended = new ArrayList<>();
    for (JobRecord job : ledger.jobs()) {
      if (job.end != null) {
        ended.add(job);
        tasks += job.tasks.length;
      }
    }
    ended.sort(Comparator.comparing(JobRecord::endedAt));
    for (JobRecord job : ended) {
      if (alarm.now().isBefore(job.endedAt().plus(kept(tasks)))) {
        return;
      }
      tasks -= job.tasks.length;
      ledger.emit(new Event.JobForgotten(job.uid, alarm.now()));
    }
  }

  void wake() {
    for (JobRecord job : ledger.open()) {
      job.deadline().ifPresent(alarm::atLatest);
    }
    int tasks = 0;
    Instant earliest = Instant.MAX;
    for (JobRecord job : ledger.jobs()) {
      if (job.end != null) {
        tasks += job.tasks.length;
        earliest = earliest.isBefore(job.endedAt()) ? earliest : job.endedAt();
      }
    }
    if (earliest.isBefore(Instant.MAX)) {
      alarm.atLatest(earliest.plus(kept(tasks)));
    }
  }

  private Duration kept(int endedTasks) {
    return endedTasks > retention.tasks() ? retention.atLeast() : retention.atMost();
  }

  private void end(JobRecord job, Event.JobEnd how, String reason, String message) {
    List<Lease> open = new ArrayList<>();
    for (TaskRecord task : job.tasks) {
      if (task.lease != null) {
        open.add(task.lease);
      }
    }
    ledger.emit(new Event.JobEnded(job.uid, how, reason, message, alarm.now()));
    alarm.atLatest(alarm.now().plus(retention.atLeast()));
    open.forEach(leases::abandon);
  }

  private @Nullable JobRecord unfinishedOrRefuse(long ticket, String uid) {
    JobRecord job = ledger.find(uid);
    if (job == null) {
      answers.refuse(
          ticket, DispatchException.Code.NO_SUCH_JOB, "no job has the uid %s".formatted(uid));
      return null;
    }
    if (job.ended()) {
      answers.refuse(
          ticket,
          DispatchException.Code.JOB_ENDED,
          "job \"%s\" has ended (%s)".formatted(job.spec.name(), job.state().label()));
      return null;
    }
    return job;
  }
}
