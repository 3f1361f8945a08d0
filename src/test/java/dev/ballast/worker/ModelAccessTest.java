package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates, credentials and proxies of an owner, against real servers on loopback. */
class ModelAccessTest {
  private static final byte[] MODEL = "a model".getBytes(StandardCharsets.UTF_8);
  private static final char[] PASSWORD = "for a test".toCharArray();

  @TempDir Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  /** Answers what was asked for with a model, and notes it with the credentials. */
  private int serve(HttpServer server) {
    servers.add(server);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String shown = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(exchange.getRequestURI() + " " + shown);
            if (exchange.getRequestURI().getPath().equals("/locked") && shown == null) {
              exchange.sendResponseHeaders(401, -1);
            } else if (exchange.getRequestURI().getPath().equals("/elsewhere")) {
              exchange.getResponseHeaders().add("Location", exchange.getRequestURI().getQuery());
              exchange.sendResponseHeaders(302, -1);
            } else {
              exchange.sendResponseHeaders(200, MODEL.length);
              exchange.getResponseBody().write(MODEL);
            }
          }
        });
    server.start();
    return server.getAddress().getPort();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** For localhost, recognised by ca.pem of the folder. */
  private int serveTls() throws Exception {
    Path store = folder.resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    run(
        keytool,
        "-genkeypair",
        "-alias",
        "test",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-keystore",
        store.toString(),
        "-storetype",
        "PKCS12",
        "-storepass",
        new String(PASSWORD));
    run(
        keytool,
        "-exportcert",
        "-rfc",
        "-alias",
        "test",
        "-keystore",
        store.toString(),
        "-storepass",
        new String(PASSWORD),
        "-file",
        folder.resolve("ca.pem").toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return serve(server);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private Downloads downloads(
      Optional<Path> certificates, Optional<Path> credentials, Map<String, String> environment) {
    return new Downloads(
        new ModelAccess(
            new ModelNetworks(List.of("127.0.0.0/8", "::1")),
            certificates,
            new ModelCredentials(credentials),
            ProxyRoutes.of(environment)),
        host -> InetAddress.getAllByName(host.endsWith(".test") ? "127.0.0.1" : host),
        1000);
  }

  private void fetch(Downloads downloads, String location) throws Exception {
    downloads.fetch(
        URI.create(location),
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(MODEL)),
        folder.resolve("model"));
  }

  @Test
  void aServerIsRecognisedByTheOwnersCertificatesAndNotWithout() throws Exception {
    String model = "https://localhost:%d/model".formatted(serveTls());

    assertThatThrownBy(() -> fetch(downloads(Optional.empty(), Optional.empty(), Map.of()), model))
        .isInstanceOf(IOException.class);
    fetch(downloads(Optional.of(folder.resolve("ca.pem")), Optional.empty(), Map.of()), model);

    assertThat(folder.resolve("model")).hasBinaryContent(MODEL);
  }

  @Test
  void aHostIsShownItsCredentialsAndNoOtherHostIs() throws Exception {
    int port = serveTls();
    Path credentials = Files.createDirectory(folder.resolve("credentials"));
    Downloads downloads =
        downloads(Optional.of(folder.resolve("ca.pem")), Optional.of(credentials), Map.of());
    String locked = "https://localhost:%d/locked".formatted(port);
    assertThatThrownBy(() -> fetch(downloads, locked))
        .hasMessageContaining("answered 401, and there are no credentials for its host")
        .isInstanceOfSatisfying(
            Downloads.RefusedException.class,
            e -> assertThat(e.code()).isEqualTo("model-forbidden"));

    // As a Secret that is changed is seen by a pod that runs.
    Files.writeString(credentials.resolve("localhost"), "Bearer secret\n");
    fetch(downloads, locked);
    int other = serve(HttpServer.create(anyPort(), 0));
    asked.clear();
    fetch(
        downloads,
        "https://localhost:%d/elsewhere?http://127.0.0.1:%d/model".formatted(port, other));

    assertThat(asked).hasSize(2);
    assertThat(asked.getFirst()).endsWith(" Bearer secret");
    assertThat(asked.getLast()).isEqualTo("/model null");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/m", // anybody on the way could read it
    "https://other.example/m",
    "https://LOCALHOST/m"
  })
  void nothingIsShownWhereNothingIsMeant(String address) throws Exception {
    Files.writeString(folder.resolve("localhost"), "Bearer secret");

    assertThat(new ModelCredentials(Optional.of(folder)).authorization(URI.create(address)))
        .isEmpty();
  }

  @Test
  void aProxyIsAskedThoughItIsPrivateAndWhatItMayNotBeAskedForIsNot() throws Exception {
    int proxy = serve(HttpServer.create(anyPort(), 0));
    Downloads downloads =
        downloads(
            Optional.empty(),
            Optional.empty(),
            Map.of(
                "HTTP_PROXY", "http://127.0.0.2:" + proxy,
                "https_proxy", "127.0.0.2:" + proxy));

    assertThatThrownBy(() -> fetch(downloads, "https://10.0.0.1/m"))
        .isInstanceOf(Downloads.RefusedException.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void aModelComesThroughTheProxyUnlessItsHostIsNear() throws Exception {
    int proxy = serve(HttpServer.create(anyPort(), 0));
    Map<String, String> environment =
        Map.of("http_proxy", "localhost:" + proxy, "NO_PROXY", "near.test, .svc");

    fetch(downloads(Optional.empty(), Optional.empty(), environment), "http://far.test:1/model");

    assertThat(asked).containsExactly("http://far.test:1/model null");
    assertThatThrownBy(() ->
            fetch(
                downloads(Optional.empty(), Optional.empty(), environment),
                "http://near.test:1/model"))
        .isInstanceOf(IOException.class);
    assertThat(asked).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "https://models.example/m, proxy.example:3128",
    "https://a.corp.example/m, ''",
    "https://corp.example/m, ''",
    "https://notcorp.example/m, proxy.example:3128",
    "http://models.example/m, ''"
  })
  void whichAddressesGoThroughTheProxy(String asked, String proxy) {
    ProxyRoutes routes =
        ProxyRoutes.of(
            Map.of("HTTPS_PROXY", "http://proxy.example:3128", "NO_PROXY", "*.corp.example"));

    assertThat(routes.proxy(URI.create(asked)).map(InetSocketAddress::toString).orElse(""))
        .startsWith(proxy.replaceFirst(":", "/<unresolved>:"));
    assertThat(routes.proxy(URI.create(asked)).isEmpty()).isEqualTo(proxy.isEmpty());
  }

  @Test
  void whatIsNoProxyIsRefusedByName() {
    assertThatThrownBy(() -> ProxyRoutes.of(Map.of("HTTPS_PROXY", "socks5://x:1")))
        .hasMessageContaining("HTTPS_PROXY=socks5://x:1 names no proxy");
  }
}
