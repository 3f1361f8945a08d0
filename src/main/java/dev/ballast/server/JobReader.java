package dev.ballast.server;

import dev.ballast.model.JobSpec;
import java.util.List;

/** Reads a submitted manifest with the rules of the custom resource. */
public interface JobReader {
  /**
   * The one job of {@code text}, for that namespace; throws {@link InvalidManifestException} with
   * every problem of it.
   */
  JobSpec read(String namespace, String text);

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
