package dev.ballast.worker.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * How busy the rest of the machine is, from {@code /proc} (proc(5)): all its busy time less that of this process and its descendants. Absent where there is
 * no {@code /proc}.
 */
public final class MachineLoad {
  private static final double TICKS_PER_SECOND = 100;
  private static final Path CGROUP_CPU = Path.of("/sys/fs/cgroup/cpu.stat");

  /** Clock ticks up to one moment. */
  public record Reading(long nanos, double othersSeconds, double throttledSeconds) {

    /** Cores that others kept busy since an earlier reading, ≥ 0; absent when too little time passed for clock ticks to tell. */
    public OptionalDouble othersCoresSince(Reading earlier) {
      double seconds = (nanos - earlier.nanos) / 1e9;
      return seconds < 0.1 ? OptionalDouble.empty() : OptionalDouble.of(Math.max(0, (othersSeconds - earlier.othersSeconds) / seconds));
    }

    /** Share of the time since an earlier reading in which the control group was stopped for using up its quota. */
    public double throttledRatioSince(Reading earlier) {
      double seconds = (nanos - earlier.nanos) / 1e9;
      return seconds <= 0 ? 0 : Math.clamp((throttledSeconds - earlier.throttledSeconds) / seconds, 0, 1);
    }
  }

  private MachineLoad() {}

  /** Reads now; absent where the machine does not tell. */
  public static Optional<Reading> read() {
    if (!Files.isReadable(Path.of("/proc/stat"))) {
      return Optional.empty();
    }
    try {
      double own = ticksOf(ProcessHandle.current());
      try (Stream<ProcessHandle> descendants = ProcessHandle.current().descendants()) {
        own += descendants.mapToDouble(MachineLoad::ticksOf).sum();
      }
      return Optional.of(new Reading(System.nanoTime(), (busyTicks() - own) / TICKS_PER_SECOND, throttledSeconds()));
    } catch (IOException e) {
      return Optional.empty(); // a machine that hides its load: unknown, not idle
    }
  }

  private static double busyTicks() throws IOException {
    String[] cpu = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split("\\s+");
    double busy = 0;
    for (int field = 1; field < Math.min(cpu.length, 9); field++) {
      boolean idle = field == 4 || field == 5;
      busy += idle ? 0 : Double.parseDouble(cpu[field]);
    }
    return busy;
  }

  /** User and system time of a process, with that of children it has waited for; 0 for one that has just ended. */
  private static double ticksOf(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Double.parseDouble(afterName[11]) + Double.parseDouble(afterName[12]);
    } catch (IOException e) {
      return 0;
    }
  }

  private static double throttledSeconds() throws IOException {
    if (!Files.isReadable(CGROUP_CPU)) {
      return 0;
    }
    return Files.readAllLines(CGROUP_CPU).stream()
        .filter(line -> line.startsWith("throttled_usec "))
        .mapToDouble(line -> Double.parseDouble(line.substring("throttled_usec ".length())) / 1e6)
        .sum();
  }
}
