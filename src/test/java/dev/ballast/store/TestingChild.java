package dev.ballast.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process of its own that runs a main method of the tests; closing it kills it. */
final class TestingChild implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private TestingChild(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  static TestingChild start(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new TestingChild(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  long pid() {
    return process.pid();
  }

  /** The next line that it printed; null after its end. */
  @Nullable String readLine() throws IOException {
    return output.readLine();
  }

  /** As {@code kill -9}; returns when it is gone. What it had printed can still be read. */
  void kill() {
    // Not Process.destroyForcibly: that closes the streams with what is still in them.
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
