package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A browser found on this machine.
 *
 * @param driver its WebDriver server; Firefox needs none
 * @param version what the binary says, for example {@code 156.0.8078.79}
 */
public record InstalledBrowser(
    BrowserKind kind, Path binary, Optional<Path> driver, String version) {
  private static final Pattern MAJOR = Pattern.compile("^\\d{1,9}");

  /** First number of the version; 0 when it is not known. */
  public int major() {
    return majorOf(version);
  }

  static int majorOf(String version) {
    Matcher number = MAJOR.matcher(version);
    return number.find() ? Integer.parseInt(number.group()) : 0;
  }

  /** Whether its driver is here; Firefox needs none. */
  public boolean canBeDriven() {
    return kind.equals(BrowserKind.FIREFOX) || driver.isPresent();
  }

  /** What to tell who wants to use it without a driver. */
  public String withoutDriver() {
    return "%s %s has no driver. Maybe install chromium-driver, or name it: BALLAST_BROWSERS=%s=%s:/path/to/driver"
        .formatted(kind, version, kind, binary);
  }

  /** Starts browsers of this binary. */
  public BrowserLauncher launcher(LaunchOptions options) throws BrowserException {
    if (kind.equals(BrowserKind.FIREFOX)) {
      return new LocalFirefox(binary, options);
    }
    return new LocalChromium(
        kind, binary, driver.orElseThrow(() -> new BrowserException(withoutDriver())), options);
  }
}
