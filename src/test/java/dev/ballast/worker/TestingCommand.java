package dev.ballast.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code bin/ballast} as a process of its own, as a user starts it; closing it kills it. */
final class TestingCommand implements AutoCloseable {
  private final Process process;
  private final Path output;

  private TestingCommand(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Started in the foreground. {@code output}: where both its streams go. */
  static TestingCommand start(Path output, String... arguments) throws IOException {
    return start(output, command(arguments));
  }

  /** Started by a script, in the background: such a shell lets nothing there hear Ctrl-C. */
  static TestingCommand startInBackground(Path output, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "\"$@\" & echo pid $!; wait $!", "sh"));
    command.addAll(command(arguments));
    return start(output, command);
  }

  private static TestingCommand start(Path output, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    return new TestingCommand(builder.redirectOutput(output.toFile()).start(), output);
  }

  private static List<String> command(String... arguments) throws IOException {
    // The build that runs this test has just made the application: bin/ballast need not.
    Files.setLastModifiedTime(
        Files.exists(Path.of("target/ballast.built"))
            ? Path.of("target/ballast.built")
            : Files.createFile(Path.of("target/ballast.built")),
        FileTime.from(Instant.now()));
    List<String> command =
        new ArrayList<>(List.of(Path.of("bin/ballast").toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  long pid() {
    return process.pid();
  }

  /** The process behind the shell that {@link #startInBackground} used, once it was started. */
  long backgroundPid() throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(output)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("pid "))
          .mapToLong(line -> Long.parseLong(line.substring("pid ".length())))
          .findFirst()
          .orElseThrow();
    }
  }

  static void signal(String signal, long pid) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start().waitFor();
  }

  /** Its exit code. */
  int await(int seconds) throws Exception {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("it did not end in %d s; it said:%n%s".formatted(seconds, said()));
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String said() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
