package dev.ballast.operator.validation;

import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.TestJob;
import java.util.List;
import java.util.stream.Collectors;

/** What reading files came to: everything, or the problems and nothing. */
public sealed interface Manifests {

  /** All documents are valid and have their defaults. */
  record Accepted(List<Document> documents) implements Manifests {
    public Accepted {
      documents = List.copyOf(documents);
    }

    public List<Document.Job> jobs() {
      return documents.stream()
          .filter(Document.Job.class::isInstance)
          .map(Document.Job.class::cast)
          .toList();
    }

    public List<Document.Pool> pools() {
      return documents.stream()
          .filter(Document.Pool.class::isInstance)
          .map(Document.Pool.class::cast)
          .toList();
    }
  }

  /** At least one document is wrong. */
  record Refused(List<Problem> problems) implements Manifests {
    public Refused {
      problems = List.copyOf(problems);
    }

    @Override
    public String toString() {
      return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
  }

  /** One resource and where it stands. */
  sealed interface Document {
    Origin origin();

    record Job(TestJob job, Origin origin) implements Document {}

    record Pool(BrowserPool pool, Origin origin) implements Document {}
  }
}
