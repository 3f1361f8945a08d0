package dev.ballast.worker.measure;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What else the machine did while something was measured, from Linux's {@code /proc} and cgroup
 * files. Read before and after a block, never inside one: a reading costs some milliseconds.
 */
public final class MachineLoad {
  /** {@code USER_HZ}: the unit of times in {@code /proc}, 100 on every Linux architecture. */
  private static final double TICK_SECONDS = 0.01;

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** Nearly all of these files are shorter. */
  private static final int PART_BYTES = 1024;

  private final Path proc;
  private final List<Path> cgroupStats;
  private final int cores;

  /** Parents of the processes seen last: they are asked for once. */
  private final Map<Long, Long> parents = new HashMap<>();

  MachineLoad(Path proc, List<Path> cgroupStats, int cores) {
    this.proc = proc;
    this.cgroupStats = List.copyOf(cgroupStats);
    this.cores = cores;
  }

  /** Reads the running system; every reading is empty where that is not Linux. */
  public static MachineLoad ofThisMachine() {
    Path proc = Path.of("/proc");
    return new MachineLoad(proc, cgroupStats(proc, Path.of("/sys/fs/cgroup")), onlineCores(proc));
  }

  /**
   * The counters at one moment.
   *
   * @param nanoTime of {@link System#nanoTime}
   * @param busySeconds time that all cores together spent on anything, steal not included
   * @param ownSeconds the part of it that was the given processes'
   * @param waitSeconds time that threads of the given processes were ready to run and no core was
   *     free; absent where the kernel does not tell
   * @param throttledSeconds time that the cgroup's limit held its threads back; absent without one
   */
  public record Reading(
      long nanoTime,
      double busySeconds,
      double stealSeconds,
      double ownSeconds,
      OptionalDouble waitSeconds,
      OptionalDouble throttledSeconds) {}

  /**
   * What happened between two readings; cores are averages over that time.
   *
   * @param cores of the machine
   * @param ownCores used by the measured processes
   * @param othersCores used by all others
   * @param stealCores taken by the hypervisor for other machines
   * @param waitRatio time the measured processes waited for a core ÷ time they ran on one
   * @param throttledRatio time the cgroup's limit held threads back ÷ elapsed; may exceed 1
   */
  public record Load(
      Duration elapsed,
      int cores,
      double ownCores,
      double othersCores,
      double stealCores,
      OptionalDouble waitRatio,
      OptionalDouble throttledRatio) {}

  /** The counters now, where {@code roots} are the measured processes with all their children. */
  public Optional<Reading> read(Collection<Long> roots) {
    try {
      long now = System.nanoTime();
      double[] machine = machineTicks();
      Set<Long> tree = tree(roots);
      double own = 0;
      long waitNanos = 0;
      boolean waitKnown = false;
      for (long pid : tree) {
        Optional<String[]> stat = stat(pid);
        if (stat.isPresent()) {
          // Own time, and that of children which have ended: a helper process that comes and goes
          // within a block still counts as ours.
          own += ticks(stat.get(), 11) + ticks(stat.get(), 12);
          own += ticks(stat.get(), 13) + ticks(stat.get(), 14);
        }
        OptionalDouble wait = waitNanos(pid);
        waitKnown |= wait.isPresent();
        waitNanos += (long) wait.orElse(0);
      }
      return Optional.of(
          new Reading(
              now,
              machine[0] * TICK_SECONDS,
              machine[1] * TICK_SECONDS,
              own * TICK_SECONDS,
              waitKnown ? OptionalDouble.of(waitNanos / 1e9) : OptionalDouble.empty(),
              throttledSeconds()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty(); // not Linux, or hidden: the load is then absent, not zero
    }
  }

  /** The load between two readings of the same processes. */
  public Load between(Reading before, Reading after) {
    double elapsed = Math.max((after.nanoTime() - before.nanoTime()) / 1e9, 1e-6);
    double own = Math.max(0, after.ownSeconds() - before.ownSeconds());
    double busy = Math.max(0, after.busySeconds() - before.busySeconds());
    return new Load(
        Duration.ofNanos(after.nanoTime() - before.nanoTime()),
        cores,
        own / elapsed,
        Math.max(0, busy - own) / elapsed,
        Math.max(0, after.stealSeconds() - before.stealSeconds()) / elapsed,
        ratio(before.waitSeconds(), after.waitSeconds(), Math.max(own, TICK_SECONDS)),
        ratio(before.throttledSeconds(), after.throttledSeconds(), elapsed));
  }

  private static OptionalDouble ratio(OptionalDouble before, OptionalDouble after, double unit) {
    return before.isPresent() && after.isPresent()
        ? OptionalDouble.of(Math.max(0, after.getAsDouble() - before.getAsDouble()) / unit)
        : OptionalDouble.empty();
  }

  /** Busy and stolen ticks of all cores: user, nice, system, irq and softirq are busy. */
  private double[] machineTicks() throws IOException {
    for (String line : Files.readAllLines(proc.resolve("stat"))) {
      String[] fields = words(line);
      if (fields[0].equals("cpu") && fields.length > 8) {
        double busy = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) {
          busy += Double.parseDouble(fields[field]);
        }
        return new double[] {busy, Double.parseDouble(fields[8])};
      }
    }
    throw new IOException("%s/stat has no line for all cores".formatted(proc));
  }

  private synchronized Set<Long> tree(Collection<Long> roots) throws IOException {
    Set<Long> living = pids();
    // Whoever ended is forgotten, so that its number can be another's. A child whose parent ended
    // stays where it was: nobody but init would have it.
    parents.keySet().retainAll(living);
    for (long pid : living) {
      if (!parents.containsKey(pid)) {
        stat(pid).ifPresent(fields -> parents.put(pid, Long.parseLong(fields[1])));
      }
    }
    Map<Long, List<Long>> children = new HashMap<>();
    parents.forEach(
        (pid, parent) -> children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(pid));
    Set<Long> tree = new HashSet<>();
    Deque<Long> next = new ArrayDeque<>(roots);
    while (!next.isEmpty()) {
      long pid = next.pop();
      if (tree.add(pid)) {
        next.addAll(children.getOrDefault(pid, List.of()));
      }
    }
    return tree;
  }

  private Set<Long> pids() throws IOException {
    String[] names = proc.toFile().list();
    if (names == null) {
      throw new IOException("no processes in " + proc);
    }
    Set<Long> pids = new HashSet<>();
    for (String name : names) {
      if (Character.isDigit(name.charAt(0))) {
        pids.add(Long.parseLong(name));
      }
    }
    return pids;
  }

  /** Fields of {@code /proc/PID/stat} from the state on; absent when the process has ended. */
  private Optional<String[]> stat(long pid) {
    return read(proc.resolve(Long.toString(pid)).resolve("stat"))
        // The name before it, in parentheses, may hold blanks and parentheses.
        .map(line -> words(line.substring(line.lastIndexOf(')') + 1)))
        .filter(fields -> fields.length > 14);
  }

  private static double ticks(String[] stat, int field) {
    return Double.parseDouble(stat[field]);
  }

  /** Time that the threads of a process waited for a core: second number of {@code schedstat}. */
  private OptionalDouble waitNanos(long pid) {
    double sum = 0;
    boolean known = false;
    File tasks = proc.resolve(Long.toString(pid)).resolve("task").toFile();
    String[] threads = tasks.list();
    if (threads == null) {
      return OptionalDouble.empty(); // ended
    }
    for (String thread : threads) {
      Optional<String[]> fields =
          read(new File(new File(tasks, thread), "schedstat")).map(MachineLoad::words);
      if (fields.isPresent() && fields.get().length >= 2) {
        sum += Double.parseDouble(fields.get()[1]);
        known = true;
      }
    }
    return known ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }

  /** Version 1 counts {@code throttled_time} in nanoseconds, 2 {@code throttled_usec}. */
  private OptionalDouble throttledSeconds() {
    for (Path file : cgroupStats) {
      for (String line :
          read(file).map(String::lines).orElseGet(java.util.stream.Stream::empty).toList()) {
        String[] fields = words(line);
        if (fields.length == 2 && fields[0].equals("throttled_usec")) {
          return OptionalDouble.of(Double.parseDouble(fields[1]) / 1e6);
        }
        if (fields.length == 2 && fields[0].equals("throttled_time")) {
          return OptionalDouble.of(Double.parseDouble(fields[1]) / 1e9);
        }
      }
    }
    return OptionalDouble.empty();
  }

  /** Where the limits of this process' cgroup are told; inside a container that is the mount. */
  private static List<Path> cgroupStats(Path proc, Path mount) {
    List<Path> files = new ArrayList<>();
    for (String line :
        read(proc.resolve("self").resolve("cgroup"))
            .map(text -> text.lines().toList())
            .orElseGet(List::of)) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        String group = parts[2].startsWith("/") ? parts[2].substring(1) : parts[2];
        if (Arrays.asList(parts[1].split(",", -1)).contains("cpu")) {
          files.add(mount.resolve("cpu").resolve(group).resolve("cpu.stat"));
        } else if (parts[1].isEmpty()) {
          files.add(mount.resolve(group).resolve("cpu.stat"));
        }
      }
    }
    files.add(mount.resolve("cpu.stat"));
    files.add(mount.resolve("cpu").resolve("cpu.stat"));
    return files;
  }

  private static int onlineCores(Path proc) {
    long lines =
        read(proc.resolve("stat"))
            .map(text -> text.lines().filter(line -> line.matches("cpu\\d+ .*")).count())
            .orElse(0L);
    return lines > 0 ? (int) lines : Runtime.getRuntime().availableProcessors();
  }

  private static Optional<String> read(Path file) {
    return read(file.toFile());
  }

  /** With as few system calls as can be: some hundred files are read each time. */
  private static Optional<String> read(File file) {
    try (FileInputStream in = new FileInputStream(file)) {
      StringBuilder text = new StringBuilder();
      byte[] part = new byte[PART_BYTES];
      for (int length = in.read(part); length > 0; length = in.read(part)) {
        text.append(new String(part, 0, length, StandardCharsets.ISO_8859_1));
      }
      return Optional.of(text.toString());
    } catch (IOException absent) {
      return Optional.empty(); // ended meanwhile, or not told by this kernel
    }
  }

  private static String[] words(String line) {
    return BLANKS.split(line.strip(), -1);
  }
}
