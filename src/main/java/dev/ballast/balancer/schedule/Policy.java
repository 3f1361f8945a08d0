package dev.ballast.balancer.schedule;

/**
 * A rule by its name.
 *
 * @param source the paper, project or idea it is from
 */
public record Policy(String name, String source, Scheduler.Factory factory) {}
