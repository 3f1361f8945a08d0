package dev.ballast.worker.browser;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.BrowserKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The WebDriver capabilities that ask for a browser of a kind. */
final class Capabilities {
  private static final Map<BrowserKind, String> NAMES =
      Map.of(
          BrowserKind.CHROME, "chrome",
          BrowserKind.CHROMIUM, "chrome",
          BrowserKind.EDGE, "MicrosoftEdge",
          BrowserKind.FIREFOX, "firefox");

  private Capabilities() {}

  /** A Chromium of this machine, given its binary. */
  static ObjectNode local(BrowserKind kind, Path binary, List<String> arguments) {
    // No browserName: a driver refuses a name that its binary's make does not have.
    ObjectNode capabilities = answering();
    String key = kind.equals(BrowserKind.EDGE) ? "ms:edgeOptions" : "goog:chromeOptions";
    capabilities.putObject(key).put("binary", binary.toString()).set("args", array(arguments));
    return capabilities;
  }

  /** Any browser of the kind that the other side has. */
  static ObjectNode remote(BrowserKind kind, LaunchOptions options) {
    ObjectNode capabilities = answering();
    capabilities.put("browserName", NAMES.getOrDefault(kind, kind.name()));
    if (kind.equals(BrowserKind.FIREFOX)) {
      ObjectNode firefox = capabilities.putObject("moz:firefoxOptions");
      firefox.set("args", array(FirefoxPreferences.arguments(options)));
      firefox.set("prefs", new ObjectMapper().valueToTree(FirefoxPreferences.of(options)));
    } else if (NAMES.containsKey(kind)) {
      String key = kind.equals(BrowserKind.EDGE) ? "ms:edgeOptions" : "goog:chromeOptions";
      capabilities.putObject(key).set("args", array(ChromiumArguments.of(options)));
    }
    return capabilities;
  }

  /** A page's alert must not stop the page: nobody is there to answer it. */
  private static ObjectNode answering() {
    return new ObjectMapper().createObjectNode().put("unhandledPromptBehavior", "dismiss");
  }

  private static ArrayNode array(List<String> values) {
    return new ObjectMapper().valueToTree(values);
  }
}
