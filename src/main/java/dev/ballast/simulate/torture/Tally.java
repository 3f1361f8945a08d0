package dev.ballast.simulate.torture;

/** What happened in runs, counted: faults that do not happen prove nothing. */
public final class Tally {
  long jobs;
  long tasks;
  long events;
  long deaths;
  long deposed;
  long failedWrites;
  long kills;
  long freezes;
  long lostMessages;
  long moves;
  long jumps;
  long snapshots;
  long together;
  long relieved;
  long ahead;

  void add(Tally other) {
    jobs += other.jobs;
    tasks += other.tasks;
    events += other.events;
    deaths += other.deaths;
    deposed += other.deposed;
    failedWrites += other.failedWrites;
    kills += other.kills;
    freezes += other.freezes;
    lostMessages += other.lostMessages;
    moves += other.moves;
    jumps += other.jumps;
    snapshots += other.snapshots;
    together += other.together;
    relieved += other.relieved;
    ahead += other.ahead;
  }

  /** Whether every kind of fault happened at least once. */
  public boolean isComplete() {
    return deaths > 0
        && deposed > 0
        && failedWrites > 0
        && kills > 0
        && freezes > 0
        && lostMessages > 0
        && moves > 0
        && jumps > 0
        && snapshots > 0
        && together > 0
        && relieved > 0
        && ahead > 0;
  }

  /** The counts as one line. */
  @Override
  public String toString() {
    return ("%d jobs, %d tasks, %d events; %d controllers killed, %d deposed, %d writes failed,"
            + " %d clocks jumped, %d workers killed, %d frozen, %d messages lost, %d moves asked"
            + " and %d by the rule, %d snapshots, %d commands done together with others,"
            + " %d batches taken in while one was being written")
        .formatted(
            jobs,
            tasks,
            events,
            deaths,
            deposed,
            failedWrites,
            jumps,
            kills,
            freezes,
            lostMessages,
            moves,
            relieved,
            snapshots,
            together,
            ahead);
  }
}
