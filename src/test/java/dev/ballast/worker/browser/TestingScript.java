package dev.ballast.worker.browser;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Looks into pages that know nothing of tests, whatever their policy forbids them to run. */
@NullMarked
public final class TestingScript {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TestingScript() {}

  /** The text that the function answers; it may answer later. */
  public static String text(Page page, String function) throws BrowserException {
    return ((BidiPage) page).callFunction(function, List.of(), PATIENCE).path("value").asText();
  }
}
