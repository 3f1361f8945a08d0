package dev.ballast.cli.compare;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import java.util.Comparator;
import java.util.Optional;

/** What is paired: results of one model, on one backend, in one kind of browser, of one job. */
public record CellKey(String job, String model, Backend backend, BrowserKind browser)
    implements Comparable<CellKey> {

  /** Empty where the browser or backend is not known. */
  static Optional<CellKey> of(AttemptResult result) {
    Backend actual = result.backend().actual();
    Backend backend = actual == null ? result.backend().requested() : actual;
    BrowserInstance browser = result.browser();
    return backend == null || browser == null
        ? Optional.empty()
        : Optional.of(new CellKey(result.job(), result.model().name(), backend, browser.kind()));
  }

  @Override
  public int compareTo(CellKey other) {
    return Comparator.comparing(CellKey::job)
        .thenComparing(CellKey::model)
        .thenComparing(CellKey::backend)
        .thenComparing(CellKey::browser)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return "%s %s %s %s".formatted(job, model, backend, browser);
  }
}
