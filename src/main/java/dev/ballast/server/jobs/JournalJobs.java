package dev.ballast.server.jobs;

import dev.ballast.dispatch.Command.JobChange;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.Recalled;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The jobs of dispatch's journal: whoever may speak to this service may do all with them. */
public record JournalJobs(DispatchLoop dispatch) implements JobBook {
  @Override
  public List<JobDocument> jobs() {
    return dispatch.jobs().stream().map(JobDocument::of).toList();
  }

  @Override
  public Optional<JobDocument> find(String namespace, String nameOrUid) {
    return dispatch.jobs().stream()
        .filter(job -> job.spec().namespace().equals(namespace))
        .filter(job -> job.spec().name().equals(nameOrUid) || job.uid().equals(nameOrUid))
        .max(Comparator.comparing(JobView::acceptedAt))
        .map(JobDocument::of);
  }

  @Override
  public Uni<JobDocument> submit(Submission submission) {
    if (submission.key().isEmpty()) {
      return Uni.createFrom()
          .completionStage(() -> dispatch.submit(submission.manifest().spec()))
          .map(this::byUid);
    }
    IdempotencyKey key = submission.key().get();
    String uid = key.uid(submission.body()).toString();
    for (JobView job : dispatch.jobs()) {
      if (key.made(job.uid()) && !job.uid().equals(uid)) {
        throw new KeyReusedException(key, job.spec().name(), job.uid());
      }
    }
    return Uni.createFrom()
        .completionStage(() -> dispatch.take(uid, submission.manifest().spec(), Recalled.NOTHING))
        .map(this::byUid);
  }

  @Override
  public Uni<JobDocument> change(JobDocument job, JobChange change, Optional<String> token) {
    return Uni.createFrom()
        .completionStage(() -> dispatch.change(job.uid(), change))
        .map(_ -> byUid(job.uid()));
  }

  @Override
  public Uni<JobDocument> cancel(JobDocument job, Optional<String> token) {
    return Uni.createFrom()
        .completionStage(() -> dispatch.cancel(job.uid()))
        .map(_ -> byUid(job.uid()));
  }

  private JobDocument byUid(String uid) {
    return dispatch
        .job(uid)
        .map(JobDocument::of)
        .orElseThrow(() ->
            new DispatchException(DispatchException.Code.NO_SUCH_JOB, "no job has the uid " + uid));
  }
}
