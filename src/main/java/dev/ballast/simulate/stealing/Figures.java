package dev.ballast.simulate.stealing;

/**
 * What one run came to.
 *
 * @param meanSojournSeconds from a task's arrival until its result is durable
 * @param p99WaitSeconds from a task's arrival until its worker starts it
 * @param migrationsPerTask bound attempts that were given back to be bound elsewhere ÷ tasks
 * @param lost tasks without a result
 * @param doubled runs and results of tasks beyond the first
 */
public record Figures(
    double meanSojournSeconds,
    double p99WaitSeconds,
    double migrationsPerTask,
    long lost,
    long doubled) {}
