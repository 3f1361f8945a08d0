package dev.ballast.balancer.rival;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.List;
import java.util.Map;

/**
 * The formula of Ballast's ancestor:
 *
 * <pre>
 * 0.5 · affinity(family, kind) · max(0.1, 1 − utilization)
 *     · (active &gt; 2 ? max(0.2, 1 − 0.15 · (active − 2)) : 1)
 * </pre>
 *
 * {@code chromium} counts as {@code chrome}; ties go to chrome, firefox, edge, then by name.
 */
final class AncestorScore {
  private static final List<BrowserKind> KINDS =
      List.of(BrowserKind.CHROME, BrowserKind.FIREFOX, BrowserKind.EDGE);
  private static final Map<ModelFamily, double[]> AFFINITIES =
      Map.of(
          ModelFamily.AUDIO, new double[] {0.7, 1.0, 0.6},
          ModelFamily.VISION, new double[] {1.0, 0.8, 0.7},
          ModelFamily.TEXT_EMBEDDING, new double[] {0.7, 0.8, 1.0});

  private AncestorScore() {}

  /** 1 where the ancestor says nothing: of other families, and of other browsers. */
  static double affinity(ModelFamily family, BrowserKind kind) {
    double[] affinities = AFFINITIES.get(family);
    int rank = rank(kind);
    return affinities == null || rank >= KINDS.size() ? 1 : affinities[rank];
  }

  /** What remains of the score when the affinity is taken out: it falls with load. */
  static double room(double utilization, int active) {
    return 0.5
        * Math.max(0.1, 1 - utilization)
        * (active > 2 ? Math.max(0.2, 1 - 0.15 * (active - 2)) : 1);
  }

  /** Place of the kind among equals; others come last. */
  static int rank(BrowserKind kind) {
    int rank = KINDS.indexOf(kind.equals(BrowserKind.CHROMIUM) ? BrowserKind.CHROME : kind);
    return rank < 0 ? KINDS.size() : rank;
  }
}
