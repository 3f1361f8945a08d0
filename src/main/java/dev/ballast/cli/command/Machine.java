package dev.ballast.cli.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * This machine.
 *
 * @param id tells machines apart, and one boot of it from the next where the system says so
 * @param memoryBytes all its memory, or what the control group allows
 */
public record Machine(String id, String host, String os, OptionalLong memoryBytes) {

  public static Machine here() {
    String host = readHost();
    return new Machine(bootId().orElse(host), host, readOs(), memory());
  }

  /** For a reader of figures: processor, cores, memory, system, Java. */
  public String describe() {
    return "%s, %d cores, %s, %s, Java %s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            memoryBytes.isPresent()
                ? "%d GiB".formatted(Math.round(memoryBytes.getAsLong() / (double) (1L << 30)))
                : "memory unknown",
            os,
            Runtime.version());
  }

  private static String processor() {
    try (java.util.stream.Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static String readHost() {
    String named = System.getenv("HOSTNAME");
    if (named != null && !named.isBlank()) {
      return named;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static java.util.Optional<String> bootId() {
    return firstLine(Path.of("/proc/sys/kernel/random/boot_id"));
  }

  private static String readOs() {
    try {
      Path release = Path.of("/etc/os-release");
      if (Files.isReadable(release)) {
        for (String line : Files.readAllLines(release)) {
          if (line.startsWith("PRETTY_NAME=")) {
            return line.substring("PRETTY_NAME=".length()).replace("\"", "");
          }
        }
      }
    } catch (IOException e) {
      // then what Java says will do
    }
    return System.getProperty("os.name") + " " + System.getProperty("os.version");
  }

  private static OptionalLong memory() {
    if (java.lang.management.ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      return OptionalLong.of(system.getTotalMemorySize());
    }
    return OptionalLong.empty();
  }

  private static java.util.Optional<String> firstLine(Path file) {
    try {
      return Files.isReadable(file)
          ? Files.readAllLines(file).stream().findFirst()
          : java.util.Optional.empty();
    } catch (IOException e) {
      return java.util.Optional.empty();
    }
  }
}
