package dev.ballast.balancer.aware;

/**
 * The constants of the rule; {@code docs/balancing.md} shows what each is worth.
 *
 * @param batchEpsilon weight of total work in the programme when nothing more is expected
 * @param openEpsilon the same while tasks keep arriving
 * @param resolveRatio share of the backlog that starts before the programme is solved anew
 * @param planTasksPerSlot waiting tasks per slot below which the rest is planned slot by slot
 * @param planLongest the rest is planned, too, once it lasts less than this many longest tasks
 * @param planSteps exchanges tried between two events
 * @param addedWork how much of the work a step adds must be won back at the later end
 * @param horizonSeconds how far ahead arrivals are counted as demand
 * @param openRatio share of the fleet's capacity expected to arrive above which traffic is open
 * @param queuePrice weight of what a long task costs those that wait behind it
 * @param idleValue how many of those that wait a second of the fleet delays, see {@code IdleSlots}
 * @param idleShare how likely an idle slot would have been used by another, at least
 * @param loadCover slots that may have a model for each that is kept busy with it, see {@code
 *     Holders}
 * @param loadUses share of a load that each further use takes off it
 * @param latePrice cost of a second beyond the age limit
 * @param virtualSteps tasks looked at in one decision
 * @param tokenPower tokens go by share · p^tokenPower: 1 spares loads, −1 ends short tasks first
 * @param planReserve shortest tasks of a slot's plan that are kept to its end
 * @param optimism standard errors by which uncertain times are believed to be shorter, while slots
 *     are free
 * @param busyOptimism the same while tasks wait for slots
 * @param curiosity how the first grows with the measurements of a model, see {@code HopefulTimes}
 */
public record Tuning(
    double batchEpsilon,
    double openEpsilon,
    double resolveRatio,
    double planTasksPerSlot,
    double planLongest,
    int planSteps,
    double addedWork,
    double horizonSeconds,
    double openRatio,
    double queuePrice,
    double idleValue,
    double idleShare,
    double loadCover,
    double loadUses,
    double latePrice,
    int virtualSteps,
    double tokenPower,
    int planReserve,
    double optimism,
    double busyOptimism,
    double curiosity) {
  public static final Tuning DEFAULTS =
      new Tuning(
          0.01, 0.2, 0.1, 10, 6, 60, 0.1, 300, 0.1, 1.2, 1.5, 0.5, 2, 0.1, 0.5, 200, 1, 1000, 1,
          0.7, 0.5);
}
