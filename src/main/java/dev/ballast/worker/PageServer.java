package dev.ballast.worker;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Serves the runner page, the engine and the models to the browsers of this worker, on loopback and
 * nowhere else. The pages are cross-origin isolated (COOP and COEP), since WASM threads and precise
 * clocks need that.
 */
public final class PageServer implements AutoCloseable {
  private static final Map<String, String> TYPES =
      Map.of(
          "html",
          "text/html; charset=utf-8",
          "js",
          "text/javascript",
          "mjs",
          "text/javascript",
          "wasm",
          "application/wasm",
          "json",
          "application/json");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Path> files = new ConcurrentHashMap<>();

  /**
   * Starts on a free port of 127.0.0.1; throws {@link UncheckedIOException} when none can be had.
   */
  public PageServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no port on loopback for the runner page: " + e.getMessage(), e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Absolute address of a path here, for example {@code /runner/runner.html}. */
  public URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /**
   * Serves a file of the user's under {@code /files/<key>}, and its siblings beside it when it is a
   * page.
   */
  public URI serveFile(String key, Path file) {
    files.put(key, file);
    return address("/files/" + key);
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Cross-Origin-Opener-Policy", "same-origin");
      headers.set("Cross-Origin-Embedder-Policy", "require-corp");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      headers.set("Cache-Control", "no-cache");
      headers.set("X-Content-Type-Options", "nosniff");
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      String path = exchange.getRequestURI().getPath();
      try (InputStream body = open(path)) {
        if (body == null) {
          exchange.sendResponseHeaders(404, -1);
          return;
        }
        headers.set("Content-Type", typeOf(path));
        exchange.sendResponseHeaders(200, 0);
        body.transferTo(exchange.getResponseBody());
      }
    } catch (IOException e) {
      // The browser went away in the middle: it is watched elsewhere, and nobody is left here to
      // tell.
      System.getLogger(PageServer.class.getName())
          .log(System.Logger.Level.DEBUG, () -> "page not delivered: " + e.getMessage());
    }
  }

  private @Nullable InputStream open(String path) throws IOException {
    if (path.contains("..")) {
      return null;
    }
    if (path.startsWith("/files/")) {
      Path file = files.get(path.substring("/files/".length()));
      return file == null || !Files.isRegularFile(file) ? null : Files.newInputStream(file);
    }
    if (path.startsWith("/runner/") || path.startsWith("/models/")) {
      return PageServer.class.getResourceAsStream(path);
    }
    return null;
  }

  private static String typeOf(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return TYPES.getOrDefault(extension, "application/octet-stream");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
