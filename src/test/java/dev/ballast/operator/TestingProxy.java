package dev.ballast.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * Stands between a controller and the API server, and does what networks and loaded API servers do:
 * answers errors, drops answers of what was done, ends watches, holds their news back, and answers
 * lists with what was true some time ago. What gets through is the real API server's.
 */
final class TestingProxy implements AutoCloseable {
  private final HttpServer server;
  private final HttpClient client;
  private final URI target;
  private final Map<String, byte[]> oldLists = new ConcurrentHashMap<>();
  private volatile Faults faults = request -> Optional.empty();
  private volatile CountDownLatch news = new CountDownLatch(0);
  private volatile boolean keepsLists;
  private volatile boolean answersOldLists;

  /** One request, as the proxy sees it. */
  record Request(String method, String path, boolean watch) {}

  /** What goes wrong with it. */
  sealed interface Fault {
    /** It never reaches the API server, which seems to answer this. */
    record Refused(int code) implements Fault {}

    /** It is done, and the answer is lost. */
    record AnswerLost() implements Fault {}
  }

  /** Decides what goes wrong. */
  @FunctionalInterface
  interface Faults {
    Optional<Fault> of(Request request);
  }

  TestingProxy(Config config) {
    try {
      target = URI.create(config.getMasterUrl());
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(SSLUtils.sslContext(config))
              .build();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::handle);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a client that goes through it. */
  Config config() {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .build();
    // Streams are the simpler thing to stand between than web sockets.
    config.setOnlyHttpWatches(true);
    return config;
  }

  void fail(Faults changed) {
    faults = changed;
  }

  /** Watches say nothing until {@link #releaseNews}. */
  void holdNews() {
    news = new CountDownLatch(1);
  }

  void releaseNews() {
    news.countDown();
  }

  /** Remembers what lists say now. */
  void keepLists(boolean keeps) {
    keepsLists = keeps;
  }

  /** Answers each list that was remembered with what it was then, once. */
  void answerOldLists() {
    answersOldLists = true;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = String.valueOf(exchange.getRequestURI().getRawQuery());
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              query.contains("watch=true"));
      Optional<Fault> fault = faults.of(request);
      byte[] old = old(request);
      if (fault.isPresent() && fault.get() instanceof Fault.Refused(int code)) {
        refuse(exchange, request, code);
      } else if (old != null) {
        answer(exchange, 200, old);
      } else {
        HttpResponse<InputStream> response = forward(exchange);
        if (fault.isPresent()) {
          response.body().close(); // and the connection with it, unanswered
        } else {
          pass(exchange, request, response);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] old(Request request) {
    return answersOldLists && request.method().equals("GET") && !request.watch()
        ? oldLists.remove(request.path())
        : null;
  }

  private HttpResponse<InputStream> forward(HttpExchange exchange)
      throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    for (String header : new String[] {"Content-Type", "Accept"}) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(header))
          .ifPresent(value -> request.header(header, value));
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private void pass(HttpExchange exchange, Request request, HttpResponse<InputStream> response)
      throws IOException, InterruptedException {
    try (InputStream in = response.body()) {
      if (!request.watch()) {
        byte[] all = in.readAllBytes();
        if (keepsLists && request.method().equals("GET") && response.statusCode() == 200) {
          oldLists.put(request.path(), all);
        }
        answer(exchange, response.statusCode(), all);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(response.statusCode(), 0);
      OutputStream out = exchange.getResponseBody();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        news.await();
        out.write(buffer, 0, read);
        out.flush();
      }
    }
  }

  private static void answer(HttpExchange exchange, int code, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** As the API server words it; of a watch that is too old it tells within its stream. */
  private static void refuse(HttpExchange exchange, Request request, int code) throws IOException {
    String status =
        """
        {"kind":"Status","apiVersion":"v1","status":"Failure","message":"injected","reason":"%s","code":%d}\
        """
            .formatted(code == 410 ? "Expired" : "Injected", code);
    boolean inStream = request.watch() && code == 410;
    String body = inStream ? "{\"type\":\"ERROR\",\"object\":%s}\n".formatted(status) : status;
    answer(exchange, inStream ? 200 : code, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    releaseNews();
    server.stop(0);
    client.shutdownNow();
  }
}
