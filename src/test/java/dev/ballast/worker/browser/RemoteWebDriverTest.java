package dev.ballast.worker.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.BrowserKind;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RemoteWebDriverTest {
  @Test
  void anAddressIsTriedAsGivenThenAtTheHostOfTheEndpoint() {
    assertThat(addresses("https://192.0.2.1:4444/wd", "ws://10.0.0.7:9222/session/a/se/bidi"))
        .containsExactly(
            "ws://10.0.0.7:9222/session/a/se/bidi",
            "ws://192.0.2.1:9222/session/a/se/bidi",
            "wss://192.0.2.1:4444/session/a/se/bidi");
  }

  @Test
  void theLoopbackOfAFarServerIsNotOurs() {
    assertThat(addresses("http://192.0.2.1:4444", "ws://127.0.0.1:4444/session/a"))
        .containsExactly("ws://192.0.2.1:4444/session/a");
  }

  private static String[] addresses(String endpoint, String given) {
    var options = LaunchOptions.in(Path.of("unused"));
    return new RemoteWebDriver(URI.create(endpoint), BrowserKind.CHROME, options)
        .addresses(URI.create(given)).stream().map(URI::toString).toArray(String[]::new);
  }
}
