package dev.ballast.server.jobs;

import dev.ballast.model.JobSpec;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.server.form.Problem;
import java.util.List;

/** Reads a submitted manifest with the rules of the custom resource. */
public interface JobReader {
  /** A job as it was written, and what it means. */
  record Manifest(TestJob resource, JobSpec spec) {}

  /**
   * The one job of {@code text}, which may leave its namespace to the caller; throws {@link
   * InvalidManifestException} with every problem of it.
   */
  Manifest read(String namespace, String text);

  /** The manifest has problems; each is one line a person can act on. */
  final class InvalidManifestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem.Field> problems;

    public InvalidManifestException(List<Problem.Field> problems) {
      super("the manifest has %d problem(s)".formatted(problems.size()));
      this.problems = List.copyOf(problems);
    }

    public List<Problem.Field> problems() {
      return problems;
    }
  }
}
