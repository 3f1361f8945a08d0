package dev.ballast.worker.browser;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Serves one page, isolated as WASM threads need it, that defines what the tests call. */
final class TestingPages implements AutoCloseable {
  private static final String PAGE =
      """
      <!doctype html><meta charset="utf-8"><title>testing</title><h1>testing</h1>
      <script>
        console.log('the page says', 'hello');
        globalThis.start = (job, report) => {
          for (let i = 1; i <= job.count; i++) report({nonce: job.nonce, i});
        };
        globalThis.startFailing = async () => { throw new Error('the job broke'); };
        globalThis.startHanging = (job, report) => { report('now'); while (true); };
        globalThis.add = async ({a, b}) => ({sum: a + b, isolated: crossOriginIsolated});
        globalThis.hang = () => { while (true); };
        globalThis.listen = (job, report) => { globalThis.tell = report; };
        globalThis.never = async () => {
          %s
          await new Promise(() => globalThis.tell?.('waiting'));
        };
        globalThis.say = text => console.warn(text);
        globalThis.big = n => 'x'.repeat(n);
      </script>
      """
          .formatted(BrowserProcesses.MARK);

  private final HttpServer server;

  TestingPages() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          byte[] body = PAGE.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.getResponseHeaders().add("Cross-Origin-Opener-Policy", "same-origin");
          exchange.getResponseHeaders().add("Cross-Origin-Embedder-Policy", "require-corp");
          exchange.sendResponseHeaders(200, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
  }

  URI page() {
    return URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
