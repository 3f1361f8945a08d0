package dev.ballast.operator.pool;

import dev.ballast.operator.validation.PoolSettings;
import java.util.Map;

/**
 * The image of each kind of browser: the official ones of the Selenium project, which hold the
 * browser, its driver and a WebDriver endpoint on port 4444, and run as user 1200.
 *
 * @param repositories by kind of browser
 * @param version the tag where a pool names none
 */
public record BrowserImages(Map<String, String> repositories, String version) {
  public static final BrowserImages DEFAULTS =
      new BrowserImages(
          Map.of(
              "chrome", "docker.io/selenium/standalone-chrome",
              "chromium", "docker.io/selenium/standalone-chromium",
              "edge", "docker.io/selenium/standalone-edge",
              "firefox", "docker.io/selenium/standalone-firefox"),
          "latest");

  public BrowserImages {
    repositories = Map.copyOf(repositories);
  }

  /** The image of a pool; throws {@link IllegalArgumentException} where there is none. */
  String of(PoolSettings pool) {
    if (pool.image().isPresent()) {
      return pool.image().get();
    }
    String repository = repositories.get(pool.browser().name());
    if (repository == null) {
      throw new IllegalArgumentException(
          "%s has no default image; name one in spec.image".formatted(pool.browser()));
    }
    return repository + ":" + pool.version().orElse(version);
  }
}
