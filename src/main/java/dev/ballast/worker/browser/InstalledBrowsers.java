package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks for browsers by their usual names: in the folders of {@code PATH}, and below {@code /opt}
 * and {@code /usr/lib}, where makers and distributions put further versions. Every version of a
 * kind is found once. The variable {@code BALLAST_BROWSERS} lists {@code kind=binary[:driver]},
 * separated by commas: exactly those, or, where the list begins with {@code +}, those beside the
 * ones found.
 */
public final class InstalledBrowsers {
  private static final System.Logger LOG = System.getLogger(InstalledBrowsers.class.getName());
  private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+\\w*");
  private static final Pattern LISTED = Pattern.compile("([^=]+)=([^:]+|\\w:[^:]+)(?::(.+))?");

  private static final Pattern MAKERS =
      Pattern.compile("(?i)chrom|google|microsoft|edge|firefox|mozilla");

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

  /** Below these a browser has a folder of its own, or one named after its maker. */
  private static final List<Path> SHELVES = List.of(Path.of("/opt"), Path.of("/usr/lib"));

  private static final int SHELF_DEPTH = 3;

  private InstalledBrowsers() {}

  /** The browsers of this machine, of each kind the newest first; empty when there are none. */
  public static List<InstalledBrowser> find() {
    return find(System.getenv(), SHELVES);
  }

  static List<InstalledBrowser> find(Map<String, String> environment, List<Path> shelves) {
    String list = environment.getOrDefault("BALLAST_BROWSERS", "").strip();
    var listed =
        Arrays.stream(list.replaceFirst("^\\+", "").split(","))
            .filter(entry -> !entry.isBlank())
            .flatMap(entry -> listed(entry.strip()).stream())
            .toList();
    // A binary takes a third of a second to say its version: ask all at once.
    var own = listed.parallelStream().map(InstalledBrowsers::withVersion).toList();
    if (!list.isEmpty() && !list.startsWith("+")) {
      return own;
    }
    var folders = folders(environment.getOrDefault("PATH", ""), shelves);
    var all = new ArrayList<InstalledBrowser>();
    for (Known known : KNOWN) {
      var found =
          binaries(known, folders).parallelStream()
              .map(binary -> new InstalledBrowser(known.kind, binary, Optional.empty(), "unknown"))
              .map(InstalledBrowsers::withVersion)
              .toList();
      all.addAll(
          everyVersionOnce(found).map(browser -> withDriver(browser, known, folders)).toList());
    }
    all.addAll(own);
    return List.copyOf(all);
  }

  /** Those of the path first, since they are what a user means by a browser's name. */
  private static List<Path> folders(String path, List<Path> shelves) {
    var folders = new ArrayList<Path>();
    Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .forEach(folders::add);
    for (Path shelf : shelves) {
      shelves(shelf, SHELF_DEPTH, folders);
    }
    return folders;
  }

  /** Folders that are named after a browser or its maker, and all below them. */
  private static void shelves(Path folder, int depth, List<Path> into) {
    if (depth == 0) {
      return;
    }
    try (var entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path entry : entries) {
        if (depth < SHELF_DEPTH || MAKERS.matcher(entry.getFileName().toString()).find()) {
          into.add(entry);
          shelves(entry, depth - 1, into);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "not searched for browsers: " + folder, e);
    }
  }

  /** Each file once, whatever names it has. */
  private static List<Path> binaries(Known known, List<Path> folders) {
    var found = new LinkedHashMap<Path, Path>();
    for (String name : known.binaries) {
      for (Path folder : folders) {
        executable(folder, name).ifPresent(file -> found.putIfAbsent(real(file), file));
      }
    }
    return List.copyOf(found.values());
  }

  /**
   * The newest first. A second file of the same version is a wrapper of the first, or what it
   * wraps.
   */
  private static Stream<InstalledBrowser> everyVersionOnce(List<InstalledBrowser> found) {
    var versions = new LinkedHashMap<String, InstalledBrowser>();
    found.forEach(browser -> versions.putIfAbsent(browser.version(), browser));
    if (versions.size() > 1) {
      versions.remove("unknown");
    }
    return versions.values().stream()
        .sorted(Comparator.comparingInt((InstalledBrowser browser) -> -browser.major()));
  }

  /** The driver beside the binary, else the first of the path of the same major version. */
  private static InstalledBrowser withDriver(
      InstalledBrowser browser, Known known, List<Path> folders) {
    if (known.driver.isEmpty()) {
      return browser;
    }
    Path beside = real(browser.binary()).getParent();
    List<Path> drivers =
        Stream.concat(Stream.ofNullable(beside), folders.stream())
            .flatMap(folder -> executable(folder, known.driver.get()).stream())
            .toList();
    Optional<Path> driver =
        drivers.size() < 2
            ? drivers.stream().findFirst()
            : drivers.stream()
                .filter(file -> InstalledBrowser.majorOf(version(file)) == browser.major())
                .findFirst()
                .or(() -> drivers.stream().findFirst());
    return new InstalledBrowser(browser.kind(), browser.binary(), driver, browser.version());
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file;
    }
  }

  private static Optional<Path> executable(Path folder, String name) {
    return Stream.of(folder.resolve(name), folder.resolve(name + ".exe"))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
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
