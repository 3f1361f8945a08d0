package dev.ballast.worker.browser;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/** Presses keys, as somebody without a mouse does. */
@NullMarked
public final class TestingKeys {
  public static final String TAB = "\uE004";
  public static final String ENTER = "\uE007";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TestingKeys() {}

  /** One key, down and up. */
  public static void press(Page page, String key) throws BrowserException {
    BidiPage window = (BidiPage) page;
    window.command(
        "input.performActions",
        Map.of(
            "context",
            window.context(),
            "actions",
            List.of(
                Map.of(
                    "type",
                    "key",
                    "id",
                    "keyboard",
                    "actions",
                    List.of(
                        Map.of("type", "keyDown", "value", key),
                        Map.of("type", "keyUp", "value", key))))),
        PATIENCE);
  }
}
