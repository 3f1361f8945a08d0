package dev.ballast.worker.browser;

import java.time.Duration;
import java.util.Map;

/** Puts tabs in front of pages. */
public final class TestingWindows {
  private static final Duration SOON = Duration.ofSeconds(15);

  private TestingWindows() {}

  /** Opens another tab in the window of {@code page}, which is hidden until that is closed. */
  public static AutoCloseable openInFrontOf(Page page) throws BrowserException {
    BidiPage behind = (BidiPage) page;
    var tab =
        behind.command(
            "browsingContext.create",
            Map.of("type", "tab", "referenceContext", behind.context(), "background", false),
            SOON);
    String context = tab.path("context").asText();
    behind.command("browsingContext.activate", Map.of("context", context), SOON);
    return () -> {
      behind.command("browsingContext.close", Map.of("context", context), SOON);
      behind.command("browsingContext.activate", Map.of("context", behind.context()), SOON);
    };
  }
}
