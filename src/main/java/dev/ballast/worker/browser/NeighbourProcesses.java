package dev.ballast.worker.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The processes of a browser that somebody else's driver has started on this machine: in a pod
 * whose containers share their process namespace, the one beside the agent. They may be another
 * user's, so that only what everybody may know is asked for. Nothing here ends any of them.
 */
final class NeighbourProcesses implements Footprint {
  /** Where drivers tell the directory that is the browser's alone, which its command line names. */
  private static final List<String> DIRECTORIES =
      List.of("/chrome/userDataDir", "/msedge/userDataDir", "/moz:profile");

  private final List<ProcessHandle> roots;

  private NeighbourProcesses(List<ProcessHandle> roots) {
    this.roots = roots;
  }

  /** Of a new session's browser, by its capabilities; empty where it can't be seen from here. */
  static Optional<NeighbourProcesses> of(JsonNode capabilities) {
    List<ProcessHandle> roots =
        DIRECTORIES.stream()
            .map(capabilities::at)
            .filter(JsonNode::isTextual)
            .flatMap(directory -> startedIn(directory.asText()))
            .toList();
    return roots.isEmpty() ? Optional.empty() : Optional.of(new NeighbourProcesses(roots));
  }

  private static Stream<ProcessHandle> startedIn(String directory) {
    return ProcessMark.pids().stream()
        .filter(
            pid -> ProcessMark.commandLine(pid).filter(line -> isMain(line, directory)).isPresent())
        .flatMap(pid -> ProcessHandle.of(pid).stream());
  }

  /** Its children name the directory too, and what they are. */
  private static boolean isMain(String commandLine, String directory) {
    return (commandLine.contains(" --user-data-dir=" + directory + " ")
            || commandLine.contains(" " + directory + " "))
        && !commandLine.contains(" --type=")
        && !commandLine.contains(" -contentproc ");
  }

  @Override
  public Set<ProcessHandle> members() {
    return roots.stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .filter(process -> process.isAlive() && !ProcessMark.isZombie(process.pid()))
        .collect(Collectors.toSet());
  }

  /**
   * Proportional set sizes where they may be read. Of another user's processes: what is each one's
   * alone, and the largest of what they share, which is nearly the same for all of them.
   */
  @Override
  public OptionalLong memoryBytes() {
    long sum = 0;
    long shared = 0;
    for (ProcessHandle process : members()) {
      OptionalLong share = ProcessMark.proportionalBytes(process.pid());
      if (share.isPresent()) {
        sum += share.getAsLong();
      } else {
        Optional<ProcessMark.Resident> resident = ProcessMark.resident(process.pid());
        sum += resident.map(ProcessMark.Resident::anonymousBytes).orElse(0L);
        shared = Math.max(shared, resident.map(ProcessMark.Resident::sharedBytes).orElse(0L));
      }
    }
    return sum == 0 ? OptionalLong.empty() : OptionalLong.of(sum + shared);
  }
}
