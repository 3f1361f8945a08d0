package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks for browsers: on {@code PATH} by their usual names, or, when the variable {@code
 * BALLAST_BROWSERS} is set, exactly those it lists as {@code kind=binary[:driver]}, separated by
 * commas. So several versions can stand side by side.
 */
public final class InstalledBrowsers {
  private static final System.Logger LOG = System.getLogger(InstalledBrowsers.class.getName());
  private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+\\w*");
  private static final Pattern LISTED = Pattern.compile("([^=]+)=([^:]+|\\w:[^:]+)(?::(.+))?");

  /** The usual names of a kind's binary and of its driver. */
  private record Known(BrowserKind kind, List<String> binaries, Optional<String> driver) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(
              BrowserKind.CHROMIUM,
              List.of("chromium", "chromium-browser"),
              Optional.of("chromedriver")),
          new Known(
              BrowserKind.CHROME,
              List.of("google-chrome-stable", "google-chrome", "chrome"),
              Optional.of("chromedriver")),
          new Known(
              BrowserKind.EDGE,
              List.of("microsoft-edge", "microsoft-edge-stable", "msedge"),
              Optional.of("msedgedriver")),
          new Known(BrowserKind.FIREFOX, List.of("firefox", "firefox-esr"), Optional.empty()));

  private InstalledBrowsers() {}

  /** The browsers of this machine; empty when there are none. */
  public static List<InstalledBrowser> find() {
    return find(System.getenv());
  }

  static List<InstalledBrowser> find(Map<String, String> environment) {
    String listed = environment.getOrDefault("BALLAST_BROWSERS", "").strip();
    var path = environment.getOrDefault("PATH", "");
    var candidates =
        listed.isEmpty()
            ? KNOWN.stream().flatMap(known -> onPath(known, path).stream())
            : Arrays.stream(listed.split(",")).flatMap(entry -> listed(entry.strip()).stream());
    // A binary takes a third of a second to say its version: ask all at once.
    return candidates.toList().parallelStream().map(InstalledBrowsers::withVersion).toList();
  }

  private static Optional<InstalledBrowser> onPath(Known known, String path) {
    var driver = known.driver.flatMap(name -> search(name, path));
    return known.binaries.stream()
        .flatMap(name -> search(name, path).stream())
        .findFirst()
        .map(binary -> new InstalledBrowser(known.kind, binary, driver, "unknown"));
  }

  private static Optional<InstalledBrowser> listed(String entry) {
    Matcher parts = LISTED.matcher(entry);
    if (!parts.matches() || !Files.isExecutable(Path.of(parts.group(2)))) {
      LOG.log(
          System.Logger.Level.WARNING,
          "BALLAST_BROWSERS: \"{0}\" is not kind=binary[:driver] with a binary that can be run: left out",
          entry);
      return Optional.empty();
    }
    return Optional.of(
        new InstalledBrowser(
            new BrowserKind(parts.group(1)),
            Path.of(parts.group(2)),
            Optional.ofNullable(parts.group(3)).map(Path::of),
            "unknown"));
  }

  private static Optional<Path> search(String name, String path) {
    return Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
        .flatMap(folder -> Stream.of(Path.of(folder, name), Path.of(folder, name + ".exe")))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private static InstalledBrowser withVersion(InstalledBrowser browser) {
    return new InstalledBrowser(
        browser.kind(), browser.binary(), browser.driver(), version(browser.binary()));
  }

  private static String version(Path binary) {
    try {
      var asked = new ProcessBuilder(binary.toString(), "--version");
      Process process = asked.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "unknown";
      }
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(answer);
      return version.find() ? version.group() : "unknown";
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, binary + " does not say its version", e);
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
