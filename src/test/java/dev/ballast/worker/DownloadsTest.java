package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where models may come from, against real web servers on loopback. */
class DownloadsTest {
  private static final byte[] MODEL = "a model".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int port;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    port = server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestHeaders().getFirst("Host") + path);
            if (path.startsWith("/to/")) {
              exchange.getResponseHeaders().add("Location", exchange.getRequestURI().getQuery());
              exchange.sendResponseHeaders(302, -1);
            } else if (path.equals("/circle")) {
              exchange.getResponseHeaders().add("Location", "/circle");
              exchange.sendResponseHeaders(301, -1);
            } else if (path.equals("/none")) {
              exchange.sendResponseHeaders(404, -1);
            } else {
              exchange.sendResponseHeaders(200, MODEL.length);
              exchange.getResponseBody().write(MODEL);
            }
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static CheckedNames.Lookup names(String... addresses) {
    return host -> {
      List<InetAddress> found = new ArrayList<>();
      for (String address : host.endsWith(".test") ? addresses : new String[] {host}) {
        found.addAll(List.of(InetAddress.getAllByName(address)));
      }
      return found.toArray(InetAddress[]::new);
    };
  }

  private Downloads allowing(String... networks) {
    return new Downloads(ModelAccess.to(networks), names("127.0.0.1"), 1000);
  }

  private URI site(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private void fetch(Downloads downloads, URI location) throws Exception {
    downloads.fetch(
        location,
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(MODEL)),
        folder.resolve("model"));
  }

  private void isRefused(Downloads downloads, URI location, String code) throws Exception {
    assertThatThrownBy(() -> fetch(downloads, location))
        .isInstanceOfSatisfying(
            Downloads.RefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).as("nothing is left of it").isEmpty();
    }
  }

  @Test
  void aModelOfANetworkThatIsAllowedIsFetched() throws Exception {
    fetch(allowing("127.0.0.1"), site("/model"));

    assertThat(folder.resolve("model")).hasBinaryContent(MODEL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:PORT/m",
        "https://localhost:PORT/m",
        "https://[::1]:PORT/m",
        "https://[::ffff:127.0.0.1]:PORT/m",
        "https://2130706433:PORT/m",
        "https://127.1:PORT/m",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/m",
        "https://[fd00::1]/m",
        "https://name.test:PORT/m",
        "http://name.test:PORT/m",
        "http://127.0.0.1:PORT/m",
        "ftp://127.0.0.1/m",
      })
  void privateAddressesAreNotAskedUnlessAllowed(String url) throws Exception {
    isRefused(
        allowing(), URI.create(url.replace("PORT", String.valueOf(port))), "model-address-refused");

    assertThat(asked).isEmpty();
  }

  @Test
  void aNameOfWhichOneAddressIsPrivateIsNotAsked() throws Exception {
    Downloads downloads = new Downloads(ModelAccess.to(), names("93.184.215.14", "10.0.0.1"), 1000);

    isRefused(downloads, URI.create("https://name.test/m"), "model-address-refused");
  }

  @Test
  void aNameThatAnswersOtherwiseTheSecondTimeGainsNothing() throws Exception {
    List<String> answers = new ArrayList<>(List.of("127.0.0.1", "10.0.0.1"));
    Downloads downloads =
        new Downloads(
            ModelAccess.to("127.0.0.1"),
            _ -> InetAddress.getAllByName(answers.removeFirst()),
            1000);

    // Looked up once to see whether http is allowed there, and again for the connection.
    isRefused(
        downloads, URI.create("http://name.test:" + port + "/model"), "model-address-refused");
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.2:PORT/m",
        "http://127.0.0.2:PORT/m",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]:PORT/m",
        "//10.0.0.1/m",
        "file:///etc/passwd",
      })
  void aRedirectIsJudgedAsIfItHadBeenAskedFor(String target) throws Exception {
    URI location = site("/to/?" + target.replace("PORT", String.valueOf(port)));

    isRefused(allowing("127.0.0.1"), location, "model-address-refused");

    assertThat(asked).containsExactly("127.0.0.1:" + port + "/to/");
  }

  @Test
  void aRedirectToWhereOneMayIsFollowedButNotForever() throws Exception {
    Downloads downloads = allowing("127.0.0.1");

    fetch(downloads, site("/to/?/model"));
    assertThat(folder.resolve("model")).hasBinaryContent(MODEL);
    Files.delete(folder.resolve("model"));
    isRefused(downloads, site("/circle"), "model-not-found");
  }

  @Test
  void whatIsTooLargeOrOtherBytesOrNotThereIsRefused() throws Exception {
    Downloads small = new Downloads(ModelAccess.to("127.0.0.1"), names("127.0.0.1"), 6);
    isRefused(small, site("/model"), "model-too-large");
    isRefused(allowing("127.0.0.1"), site("/none"), "model-not-found");
    assertThatThrownBy(() ->
            allowing("127.0.0.1").fetch(site("/model"), "0".repeat(64), folder.resolve("model")))
        .isInstanceOfSatisfying(
            Downloads.RefusedException.class,
            e -> assertThat(e.code()).isEqualTo("sha256-mismatch"));
  }
}
