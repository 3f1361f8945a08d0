package dev.ballast.operator.job;

import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.JobProgress;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.Recalled;
import dev.ballast.model.JobSpec;
import dev.ballast.operator.resource.Labels;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobStatus;
import dev.ballast.operator.validation.JobTranslator;
import dev.ballast.operator.validation.Origin;
import dev.ballast.operator.validation.Problem;
import dev.ballast.operator.validation.Translation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The jobs of the cluster in dispatch: a TestJob's uid is the uid of its job. */
final class Jobs {
  private final DispatchLoop dispatch;
  private final JobTranslator translator;

  /** What became of a TestJob. */
  sealed interface Acceptance {
    record Accepted(JobProgress progress) implements Acceptance {}

    /** It names what is not there; nothing but another spec can mend that. */
    record Refused(String message) implements Acceptance {}
  }

  Jobs(DispatchLoop dispatch, JobTranslator translator) {
    this.dispatch = dispatch;
    this.translator = translator;
  }

  /** Accepts a job once, and passes on what may change while it runs. */
  Acceptance accept(TestJob job) {
    String uid = job.getMetadata().getUid();
    Optional<JobProgress> known = dispatch.progress(uid);
    return switch (translator.translate(job, Optional.empty(), Origin.NONE)) {
      // A job that runs goes on, whatever its changed spec would come to.
      case Translation.Refused(List<Problem> problems) ->
          known
              .<Acceptance>map(Acceptance.Accepted::new)
              .orElseGet(() ->
                  new Acceptance.Refused(
                      problems.stream().map(Problem::toString).collect(Collectors.joining("; "))));
      case Translation.Translated(JobSpec spec) -> {
        if (known.isEmpty()) {
          take(uid, scoped(spec), recalled(job, spec.taskCount()));
        } else if (!known.get().overview().state().ended()) {
          change(uid, known.get().overview().spec(), spec);
        } else {
          yield new Acceptance.Accepted(known.get());
        }
        yield new Acceptance.Accepted(dispatch.progress(uid).orElseThrow());
      }
    };
  }

  /** The resource is gone: so is its job. */
  void cancel(String uid) {
    try {
      dispatch.cancel(uid, "its TestJob was deleted").join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof DispatchException refused)
          || (refused.code() != DispatchException.Code.NO_SUCH_JOB
              && refused.code() != DispatchException.Code.JOB_ENDED)) {
        throw e;
      }
    }
  }

  /** Those whose TestJobs are gone, in namespaces of which it is known what is there. */
  void cancelAllBut(Set<String> uids, Predicate<String> watched) {
    unfinished().stream()
        .filter(job -> !uids.contains(job.uid()) && watched.test(job.spec().namespace()))
        .forEach(job -> cancel(job.uid()));
  }

  /** Unfinished jobs that were accepted from a TestJob. */
  private List<JobView> unfinished() {
    return dispatch.jobs().stream()
        .filter(job -> !job.state().ended())
        .filter(job -> job.spec().poolSelector().containsKey(Labels.NAMESPACE))
        .toList();
  }

  private void take(String uid, JobSpec spec, Recalled recalled) {
    try {
      dispatch.take(uid, spec, recalled).join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof DispatchException refused)
          || refused.code() != DispatchException.Code.JOB_UNFINISHED) {
        throw e;
      }
      // Deleted and created again under its name, quicker than its deletion was heard of.
      unfinished().stream()
          .filter(job -> job.spec().name().equals(spec.name()))
          .filter(job -> job.spec().namespace().equals(spec.namespace()))
          .forEach(job -> cancel(job.uid()));
      dispatch.take(uid, spec, recalled).join();
    }
  }

  private void change(String uid, JobSpec is, JobSpec wanted) {
    if (is.suspend() != wanted.suspend()
        || is.priority() != wanted.priority()
        || limit(is) != limit(wanted)) {
      dispatch
          .change(
              uid,
              new Command.JobChange(
                  Optional.of(wanted.suspend()),
                  Optional.of(limit(wanted)),
                  Optional.of(wanted.priority())))
          .join();
    }
  }

  /** A job without a limit may run all its tasks at a time. */
  private static int limit(JobSpec spec) {
    return spec.parallelism().orElse(JobSpec.MAX_TASKS);
  }

  /** Pools of the same namespace only. */
  private static JobSpec scoped(JobSpec spec) {
    Map<String, String> selector = new HashMap<>(spec.poolSelector());
    selector.put(Labels.NAMESPACE, spec.namespace());
    return spec.withPoolSelector(selector);
  }

  private static Recalled recalled(TestJob job, int tasks) {
    TestJobStatus status = job.getStatus();
    return status == null
        ? Recalled.NOTHING
        : new Recalled(
            IndexRanges.parse(status.completedIndexes(), tasks),
            IndexRanges.parse(status.failedIndexes(), tasks));
  }
}
