package dev.ballast.worker.browser;

import java.nio.file.Path;
import java.util.List;

/**
 * How to start browsers.
 *
 * @param directory profiles and other temporary files go below it; each browser's are deleted with
 *     it
 * @param arguments added to the defaults: command-line arguments start with {@code -}, for Firefox
 *     {@code name=value} sets a preference
 * @param headless without a visible window
 */
public record LaunchOptions(Path directory, List<String> arguments, boolean headless) {
  public LaunchOptions {
    arguments = List.copyOf(arguments);
  }

  /** Headless, with no arguments beyond the defaults. */
  public static LaunchOptions in(Path directory) {
    return new LaunchOptions(directory, List.of(), true);
  }

  /** The same with these arguments beyond the defaults. */
  public LaunchOptions withArguments(List<String> others) {
    return new LaunchOptions(directory, others, headless);
  }
}
