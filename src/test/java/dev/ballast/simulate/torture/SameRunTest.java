package dev.ballast.simulate.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A seed that breaks a promise must do so again wherever it is run. */
class SameRunTest {
  private static final int SEEDS = 20;

  @Test
  void aSeedIsTheSameRunInAnyProcess() throws IOException, InterruptedException {
    // What an object without a hash of its own is hashed to differs from process to process.
    assertThat(toldBy("-XX:hashCode=2")).isEqualTo(told()).isEqualTo(toldBy("-XX:hashCode=0"));
  }

  private static String told() {
    StringBuilder told = new StringBuilder();
    for (long seed = 1; seed <= SEEDS; seed++) {
      told.append(seed).append(' ').append(Torture.tell(seed).hashCode()).append('\n');
    }
    return told.toString();
  }

  private static String toldBy(String option) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UnlockExperimentalVMOptions",
                    option,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Child.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String told = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).isZero();
    return told;
  }

  /** The other process. */
  static final class Child {
    private Child() {}

    public static void main(String... arguments) {
      System.out.print(told());
    }
  }
}
