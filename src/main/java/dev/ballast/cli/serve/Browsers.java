package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import dev.ballast.model.BrowserKind;
import dev.ballast.operator.validation.Suggestions;
import dev.ballast.worker.browser.InstalledBrowser;
import dev.ballast.worker.browser.InstalledBrowsers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The browsers of this machine, and which of them a command is to use. */
public record Browsers(List<InstalledBrowser> found) {
  private static final String MEND =
      "Install some with: apt-get install -y chromium chromium-driver firefox-esr";

  private static final List<String> KNOWN = List.of("chromium", "chrome", "edge", "firefox");

  /**
   * All that are here and can be driven; throws {@link CommandException} when there is none. One
   * without its driver is left out, and that is said: the others can work.
   */
  public static Browsers find() {
    return drivable(InstalledBrowsers.find());
  }

  static Browsers drivable(List<InstalledBrowser> found) {
    Map<Boolean, List<InstalledBrowser>> byDriver =
        found.stream().collect(Collectors.partitioningBy(InstalledBrowser::canBeDriven));
    List<InstalledBrowser> drivable = byDriver.getOrDefault(true, List.of());
    List<InstalledBrowser> mute = byDriver.getOrDefault(false, List.of());
    if (drivable.isEmpty()) {
      throw CommandException.environment(
          mute.isEmpty()
              ? "no browser found on this machine. " + MEND
              : mute.getFirst().withoutDriver());
    }
    mute.forEach(browser -> System.err.println("Left out: " + browser.withoutDriver()));
    return new Browsers(drivable);
  }

  /**
   * Only those kinds; empty: all. Throws {@link CommandException} when one of them is not here.
   *
   * @param option where they were named
   */
  public Browsers only(String option, List<String> wanted) {
    if (wanted.isEmpty()) {
      return this;
    }
    List<InstalledBrowser> chosen = new ArrayList<>();
    for (String name : new LinkedHashSet<>(wanted)) {
      List<InstalledBrowser> ofKind =
          found.stream().filter(browser -> browser.kind().name().equals(name)).toList();
      if (ofKind.isEmpty()) {
        throw CommandException.environment(
            "%s %s: no such browser on this machine, only %s. %s%s"
                .formatted(option, name, names(), maybe(name), mend(name)));
      }
      chosen.addAll(ofKind);
    }
    return new Browsers(chosen);
  }

  /**
   * The pool of a browser: its kind, and with several versions of that kind here, also which one:
   * {@code chromium-156}.
   */
  String pool(InstalledBrowser browser) {
    List<InstalledBrowser> ofKind =
        found.stream().filter(other -> other.kind().equals(browser.kind())).toList();
    if (ofKind.size() < 2) {
      return browser.kind().name();
    }
    String name = browser.kind().name() + "-" + browser.major();
    long same = ofKind.stream().filter(other -> other.major() == browser.major()).count();
    return same < 2 ? name : name + "-" + (ofKind.indexOf(browser) + 1);
  }

  private String names() {
    return kinds().stream().map(BrowserKind::name).collect(Collectors.joining(", "));
  }

  private static String maybe(String name) {
    return KNOWN.contains(name)
        ? ""
        : Suggestions.closest(name, KNOWN).map("Maybe %s? "::formatted).orElse("");
  }

  private static String mend(String kind) {
    return switch (kind) {
      case "chromium" -> "Install it with: apt-get install -y chromium chromium-driver";
      case "firefox" -> "Install it with: apt-get install -y firefox-esr";
      case "chrome", "edge" ->
          "Install it from its maker's packages, or name its binary: BALLAST_BROWSERS=%s=BINARY[:DRIVER]"
              .formatted(kind);
      default ->
          "Known kinds: chromium, chrome, edge, firefox; others with BALLAST_BROWSERS=%s=BINARY[:DRIVER]"
              .formatted(kind);
    };
  }

  public Set<BrowserKind> kinds() {
    return new TreeSet<>(found.stream().map(InstalledBrowser::kind).toList());
  }
}
