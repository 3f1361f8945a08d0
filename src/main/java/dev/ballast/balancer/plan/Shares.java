package dev.ballast.balancer.plan;

/**
 * An optimal split of work over pools, with its prices.
 *
 * @param tasks x(m,c): how many tasks of model m belong on pool c; all zero for a model that can
 *     run nowhere
 * @param poolPrice λ(c): seconds by which the end moves when a second of one slot of pool c is
 *     taken away, with the ε-share of work itself; Σ n(c)·λ(c) = 1 + ε
 * @param modelPrice π(m) = min over c of p(m,c)·λ(c): seconds by which one more task of m moves the
 *     end; infinite for a model that can run nowhere
 * @param endSeconds T, when the last pool ends
 * @param pivots steps the solver took
 */
// Numbers by the thousand, never compared: arrays, not lists.
@SuppressWarnings("ArrayRecordComponent")
public record Shares(
    double[][] tasks, double[] poolPrice, double[] modelPrice, double endSeconds, int pivots) {}
