package dev.ballast.server.jobs;

import dev.ballast.dispatch.Command.JobChange;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/**
 * The jobs that the API tells of and acts on: locally those of the journal, in a cluster its
 * TestJobs. All methods may take as long as a request to another service, and what they throw has
 * an answer among the error mappers.
 */
public interface JobBook {
  /** All of them, in no order. */
  List<JobDocument> jobs();

  /** By name, its newest run, or by uid. */
  Optional<JobDocument> find(String namespace, String nameOrUid);

  /** Takes a job; ends once it is durable. */
  Uni<JobDocument> submit(Submission submission);

  /** {@code token}: of whoever asks, empty where none is needed. */
  Uni<JobDocument> change(JobDocument job, JobChange change, Optional<String> token);

  /** What was measured is kept. {@code token} as above. */
  Uni<JobDocument> cancel(JobDocument job, Optional<String> token);

  /**
   * A job that somebody submits.
   *
   * @param body as it was sent
   * @param key under which the same submission may be repeated
   * @param token of whoever asks
   */
  record Submission(
      JobReader.Manifest manifest,
      String body,
      Optional<IdempotencyKey> key,
      Optional<String> token) {}

  /** The key was used for another body; answered with 409. */
  final class KeyReusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KeyReusedException(IdempotencyKey key, String name, String uid) {
      super(
          "the Idempotency-Key \"%s\" was used for another body (job \"%s\", uid %s)"
              .formatted(key.key(), name, uid));
    }
  }
}
