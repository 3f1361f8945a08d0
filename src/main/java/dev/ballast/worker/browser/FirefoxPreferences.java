package dev.ballast.worker.browser;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The preferences that make a Firefox quiet, unthrottled, and willing to compute. */
final class FirefoxPreferences {
  private static final Map<String, Object> DEFAULTS = new LinkedHashMap<>();

  static {
    // Computing: WebGPU needs both, also where its blocklist knows the driver as slow.
    DEFAULTS.put("dom.webgpu.enabled", true);
    DEFAULTS.put("gfx.webgpu.ignore-blocklist", true);
    // A page of its own process: one that hangs must not hang its neighbours.
    DEFAULTS.put("dom.ipc.processCount", 16);
    DEFAULTS.put("dom.ipc.processCount.webCOOP+COEP", 16);
    DEFAULTS.put("dom.ipc.processCount.webIsolated", 16);
    // A hung page's process is killed this long after its window was closed.
    DEFAULTS.put("dom.ipc.tabs.shutdownTimeoutSecs", 1);
    DEFAULTS.put("dom.ipc.reportProcessHangs", false);
    DEFAULTS.put("dom.max_script_run_time", 0);
    DEFAULTS.put("dom.min_background_timeout_value", 4);
    // Quiet: nothing is asked of or sent to anybody but the tested page.
    for (String off :
        List.of(
            "app.normandy.enabled",
            "browser.aboutwelcome.enabled",
            "browser.newtabpage.enabled",
            "browser.safebrowsing.blockedURIs.enabled",
            "browser.safebrowsing.downloads.enabled",
            "browser.safebrowsing.malware.enabled",
            "browser.safebrowsing.phishing.enabled",
            "browser.search.update",
            "browser.sessionstore.resume_from_crash",
            "browser.shell.checkDefaultBrowser",
            "browser.tabs.unloadOnLowMemory",
            "datareporting.healthreport.uploadEnabled",
            "datareporting.policy.dataSubmissionEnabled",
            "extensions.getAddons.cache.enabled",
            "extensions.update.enabled",
            "media.gmp-manager.updateEnabled",
            "network.captive-portal-service.enabled",
            "network.connectivity-service.enabled",
            "toolkit.telemetry.enabled",
            "toolkit.telemetry.unified")) {
      DEFAULTS.put(off, false);
    }
    DEFAULTS.put("app.update.disabledForTesting", true);
    DEFAULTS.put("browser.region.network.url", "");
    DEFAULTS.put("browser.startup.homepage_override.mstone", "ignore");
    DEFAULTS.put("browser.startup.page", 0);
    DEFAULTS.put("services.settings.server", "data:,#remote-settings-off");
    DEFAULTS.put("toolkit.telemetry.server", "data:,#telemetry-off");
  }

  private FirefoxPreferences() {}

  /** The defaults, overridden by those the user gave as {@code name=value}. */
  static Map<String, Object> of(LaunchOptions options) {
    var preferences = new LinkedHashMap<>(DEFAULTS);
    for (String argument : options.arguments()) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("-") && equals > 0) {
        preferences.put(argument.substring(0, equals), value(argument.substring(equals + 1)));
      }
    }
    return preferences;
  }

  /** The command-line arguments among what the user gave. */
  static List<String> arguments(LaunchOptions options) {
    var arguments = new ArrayList<String>();
    if (options.headless()) {
      arguments.add("--headless");
    }
    options.arguments().stream().filter(text -> text.startsWith("-")).forEach(arguments::add);
    return arguments;
  }

  /** The text of a profile's {@code user.js}. */
  static String userJs(LaunchOptions options) {
    return of(options).entrySet().stream()
        .map(entry ->
            "user_pref(\"%s\", %s);\n".formatted(entry.getKey(), literal(entry.getValue())))
        .collect(Collectors.joining());
  }

  private static Object value(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    return text.matches("-?\\d{1,9}") ? Integer.valueOf(text) : text;
  }

  private static String literal(Object value) {
    return value instanceof String text
        ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : value.toString();
  }
}
