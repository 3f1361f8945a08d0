package dev.ballast.store.affinity;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A weighted sum of independent means of logarithms, with its interval after Welch and
 * Satterthwaite:
 *
 * <pre>
 * value    = Σ wᵢ·meanᵢ                 variance = Σ wᵢ²·sᵢ²/nᵢ
 * freedom  = variance² ÷ Σ (wᵢ²·sᵢ²/nᵢ)² / (nᵢ − 1)
 * interval = value ± t(freedom)·√variance
 * </pre>
 *
 * Where one of the means is of one value only, which has no variance of its own, all share the
 * pooled one: s² = Σ squares ÷ Σ (nᵢ − 1), with that freedom. The models are taken as they are: the
 * interval tells how well <em>these</em> were measured, not of models to come.
 */
public final class Contrast {
  /** With fewer, t is above 4.3 and the interval so wide that it says nothing. */
  private static final double LEAST_FREEDOM = 2;

  private record Term(double weight, LogTimes times) {
    double squaredWeightPerValue() {
      return weight * weight / times.n();
    }
  }

  private final List<Term> terms = new ArrayList<>();

  public Contrast add(double weight, LogTimes times) {
    terms.add(new Term(weight, times));
    return this;
  }

  /** All of another one's terms, each weighing {@code factor} times as much. */
  public Contrast add(double factor, Contrast other) {
    other.terms.forEach(term -> add(factor * term.weight(), term.times()));
    return this;
  }

  public int attempts() {
    return terms.stream().mapToInt(term -> term.times().n()).sum();
  }

  public int flagged() {
    return terms.stream().mapToInt(term -> term.times().flagged()).sum();
  }

  public double value() {
    return terms.stream().mapToDouble(term -> term.weight() * term.times().mean()).sum();
  }

  /** The exponential of the sum: a time, or a ratio of times. */
  public Estimate exponential() {
    boolean singles = terms.stream().anyMatch(term -> term.times().n() == 1);
    return singles ? pooled() : welch();
  }

  private Estimate welch() {
    double variance = 0;
    double denominator = 0;
    int all = 0;
    for (Term term : terms) {
      int freedom = term.times().n() - 1;
      double part = term.squaredWeightPerValue() * term.times().squares() / freedom;
      variance += part;
      denominator += part * part / freedom;
      all += freedom;
    }
    return estimate(variance, variance > 0 ? variance * variance / denominator : all);
  }

  private Estimate pooled() {
    int freedom = terms.stream().mapToInt(term -> term.times().n() - 1).sum();
    double squares = terms.stream().mapToDouble(term -> term.times().squares()).sum();
    double weights = terms.stream().mapToDouble(Term::squaredWeightPerValue).sum();
    return estimate(squares / Math.max(1, freedom) * weights, freedom);
  }

  private Estimate estimate(double variance, double freedom) {
    double value = value();
    // Satterthwaite's freedom is a quotient: 2 may come out as 1.9999….
    if (freedom < LEAST_FREEDOM - 1e-9) {
      return Estimate.of(Math.exp(value));
    }
    double half = t95(freedom) * Math.sqrt(variance);
    return Estimate.of(Math.exp(value), Math.exp(value - half), Math.exp(value + half));
  }

  private static double t95(double freedom) {
    return new TDistribution(freedom).inverseCumulativeProbability(0.975);
  }
}
