package dev.ballast.worker.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** axe-core, which finds what keeps people out of a page. */
@NullMarked
public final class TestingAxe {
  private static final Path NODE = Path.of("src/test/console");

  private TestingAxe() {}

  /** Brings it into the page, once for each document. */
  public static void enter(Page page) throws Exception {
    TestingScript.text(page, "() => { " + script() + "; return ''; }");
  }

  /** The serious violations in the page as it is now; empty when there are none. */
  public static String violations(Page page) throws BrowserException {
    return TestingScript.text(
        page,
        """
        async () => {
          const found = await axe.run(document, { resultTypes: ['violations'] });
          return found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
            .map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')).join('; ');
        }
        """);
  }

  private static String script() throws Exception {
    Path script = NODE.resolve("node_modules/axe-core/axe.min.js");
    if (!Files.exists(script)) {
      Process npm =
          new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
              .directory(NODE.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(npm.waitFor(2, TimeUnit.MINUTES)).as("npm ci in %s", NODE).isTrue();
    }
    return Files.readString(script);
  }
}
