package dev.ballast.worker.bidi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One connection to a browser. A driver never times a command out, so every command here has its
 * own time-out; an answer that comes later finds nobody waiting and is dropped. Safe for use by
 * many threads.
 */
public final class BidiConnection implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BidiConnection.class.getName());
  private static final CompletableFuture<String> NEVER = new CompletableFuture<>();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final BidiEvents events = new BidiEvents();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final HttpClient client;
  private volatile CompletableFuture<WebSocket> lastSend = new CompletableFuture<>();
  private volatile boolean prompt;
  private CompletableFuture<WebSocket> lastPong = new CompletableFuture<>();

  private BidiConnection(HttpClient client) {
    this.client = client;
  }

  /** Connects to an endpoint such as {@code ws://127.0.0.1:9222/session}. */
  public static BidiConnection connect(URI endpoint, Duration timeout)
      throws BidiException, InterruptedException {
    var client =
        HttpClient.newBuilder().connectTimeout(timeout).version(HttpClient.Version.HTTP_1_1);
    var connection = new BidiConnection(client.build());
    var messages = new WholeMessages(connection::receive, connection::end);
    try {
      var socket =
          connection
              .client
              .newWebSocketBuilder()
              .connectTimeout(timeout)
              .buildAsync(endpoint, messages)
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      connection.lastSend.complete(socket);
      connection.lastPong.complete(socket);
      return connection;
    } catch (ExecutionException e) {
      connection.end("not connected");
      throw new BidiException.Closed("no connection to " + endpoint, String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      connection.end("not connected");
      throw new BidiException.TimedOut("connecting to " + endpoint, timeout);
    }
  }

  /** Sends a command and waits for its result. */
  public JsonNode command(String method, Map<String, ?> parameters, Duration timeout)
      throws BidiException, InterruptedException {
    return command(method, parameters, timeout, NEVER);
  }

  /** As above, but waits no longer when {@code inVain} completes, with the reason. */
  public JsonNode command(
      String method, Map<String, ?> parameters, Duration timeout, CompletableFuture<String> inVain)
      throws BidiException, InterruptedException {
    long id = lastId.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    pending.put(id, answer);
    var giveUp = inVain.thenAccept(reason -> answer.completeExceptionally(noAnswer(reason)));
    try {
      if (closed.isDone()) {
        throw new BidiException.Closed(method, closed.join());
      }
      send(id, method, parameters);
      return resultOf(method, answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new BidiException.TimedOut(method, timeout);
    } catch (ExecutionException e) {
      throw new BidiException.Closed(method, reasonOf(e));
    } finally {
      giveUp.cancel(false);
      pending.remove(id);
    }
  }

  /**
   * Calls {@code listener} with the parameters of every event of that method. Events arrive one at
   * a time and in order; the browser must have been told to send them ({@code session.subscribe}).
   */
  public void on(String method, Consumer<JsonNode> listener) {
    events.on(method, listener);
  }

  /**
   * Sends a command without parameters, such as {@code session.status}, again and again, and ends
   * the connection when it is not answered: a socket whose other side vanished without a word stays
   * open for ever.
   */
  public void watch(String method, Duration pause, Duration timeout) {
    Thread.ofVirtual().name("bidi-heartbeat").start(() -> beat(method, pause, timeout));
  }

  /**
   * From now on follows every message with an empty pong, which asks for nothing (RFC 6455, 5.5.3)
   * but carries the acknowledgement of its bytes at once. For a browser that sends its messages one
   * packet at a time, and waits with the next until the last one is acknowledged (Nagle): the
   * system alone acknowledges only after 40 ms when there is nothing else to send.
   */
  public void acknowledgePromptly() {
    prompt = true;
  }

  /** Completes, with the reason, when the connection has ended. */
  public CompletableFuture<String> closed() {
    return closed.copy();
  }

  @Override
  public void close() {
    end("closed by us");
  }

  private void beat(String method, Duration pause, Duration timeout) {
    while (!closed.isDone()) {
      try {
        command(method, Map.of(), timeout);
      } catch (BidiException.Refused e) {
        LOG.log(System.Logger.Level.DEBUG, "refused, so somebody is there", e);
      } catch (BidiException e) {
        end("no heartbeat: " + e.getMessage());
      } catch (InterruptedException e) {
        return; // Nobody interrupts this thread but the end of the process.
      }
      closed.copy().completeOnTimeout("", pause.toMillis(), TimeUnit.MILLISECONDS).join();
    }
  }

  /** A WebSocket takes one message at a time: each waits for the one before it. */
  private synchronized void send(long id, String method, Map<String, ?> parameters) {
    String text =
        JSON.createObjectNode()
            .put("id", id)
            .put("method", method)
            .<ObjectNode>set("params", JSON.valueToTree(parameters))
            .toString();
    lastSend = lastSend.thenCompose(socket -> socket.sendText(text, true));
    var _ =
        lastSend.whenComplete((socket, failure) -> {
          if (failure != null) {
            end("cannot send: " + failure);
          }
        });
  }

  private void receive(String text) {
    if (prompt && lastPong.isDone() && !lastPong.isCompletedExceptionally()) {
      lastPong = lastPong.join().sendPong(ByteBuffer.allocate(0));
    }
    try {
      JsonNode message = JSON.readTree(text);
      if ("event".equals(message.path("type").asText())) {
        events.publish(message.path("method").asText(), message.path("params"));
        return;
      }
      var answer = pending.remove(message.path("id").asLong());
      if (answer != null) {
        answer.complete(message);
      }
    } catch (JsonProcessingException e) {
      end("not the protocol: " + e.getOriginalMessage());
    }
  }

  private static JsonNode resultOf(String method, JsonNode message) throws BidiException.Refused {
    if (message.has("error")) {
      throw new BidiException.Refused(
          method, message.path("error").asText(), message.path("message").asText());
    }
    return message.path("result");
  }

  private static String reasonOf(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }

  private static IllegalStateException noAnswer(String reason) {
    return new IllegalStateException(reason);
  }

  private void end(String reason) {
    closed.complete(reason);
    var gone = noAnswer(closed.join());
    pending.values().forEach(answer -> answer.completeExceptionally(gone));
    events.end();
    if (lastSend.isDone() && !lastSend.isCompletedExceptionally()) {
      lastSend.join().abort();
    }
    client.shutdownNow();
  }
}
