package dev.ballast.worker.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How many processes of this control group the kernel has killed because memory ran out. A browser
 * in a container whose limit is reached dies by that, and without a word.
 */
final class KernelKills {
  /** Of the processes around this one; version 2 of control groups, then version 1. */
  static final KernelKills HERE = new KernelKills(files(ownGroup()));

  private final List<Path> counters;

  /** {@code counters}: files with a line {@code oom_kill N}; the first that is there counts. */
  KernelKills(List<Path> counters) {
    this.counters = List.copyOf(counters);
  }

  /** The number until now; absent where nobody counts. */
  OptionalLong count() {
    return counters.stream().filter(Files::isReadable).findFirst().stream()
        .flatMap(KernelKills::lines)
        .filter(line -> line.matches("oom_kill \\d+"))
        .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
        .findFirst();
  }

  private static Stream<String> lines(Path counter) {
    try {
      return Files.readAllLines(counter).stream();
    } catch (IOException e) {
      return Stream.of(); // the group has gone
    }
  }

  private static List<Path> files(List<String> groups) {
    Path root = Path.of("/sys/fs/cgroup");
    List<Path> files = new ArrayList<>();
    for (String group : groups) {
      files.add(root.resolve(group).resolve("memory.events"));
      files.add(root.resolve("memory").resolve(group).resolve("memory.oom_control"));
    }
    return files;
  }

  /** As {@code /proc} names it, then the root: a container sees its own group there. */
  private static List<String> ownGroup() {
    List<String> groups = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
        if (line.startsWith("0::/") || line.contains(":memory:/")) {
          groups.add(line.substring(line.indexOf(":/") + 2));
        }
      }
    } catch (IOException e) {
      return List.of(); // not Linux
    }
    // The longer name first: of two hierarchies, only one knows of memory.
    groups.sort(Comparator.comparingInt(String::length).reversed());
    groups.add("");
    return groups;
  }
}
