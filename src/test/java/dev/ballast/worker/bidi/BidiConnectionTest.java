package dev.ballast.worker.bidi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BidiConnectionTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final List<JsonObject> unanswered = Collections.synchronizedList(new ArrayList<>());
  private TestingBidiServer server;
  private BidiConnection connection;

  @BeforeEach
  void connect() throws Exception {
    server = new TestingBidiServer(this::react);
    connection = BidiConnection.connect(server.endpoint(), SOON);
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    server.close();
  }

  private void react(ServerWebSocket socket, JsonObject command) {
    switch (command.getString("method")) {
      case "echo" -> TestingBidiServer.answer(socket, command, command.getJsonObject("params"));
      case "large" ->
          TestingBidiServer.answer(
              socket, command, new JsonObject().put("data", "x".repeat(5_000_000)));
      case "refuse" ->
          socket.writeTextMessage(
              new JsonObject()
                  .put("type", "error")
                  .put("id", command.getLong("id"))
                  .put("error", "no such frame")
                  .put("message", "it is gone")
                  .encode());
      default -> unanswered.add(command);
    }
  }

  @Test
  void aCommandGetsItsOwnAnswerAmongMany() throws Exception {
    var answers = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < 200; i++) {
      int number = i;
      answers.add(
          CompletableFuture.supplyAsync(() -> {
            try {
              var echo = connection.command("echo", Map.of("number", number), SOON);
              return echo.path("number").asInt();
            } catch (BidiException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }));
    }
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i)).succeedsWithin(SOON).isEqualTo(i);
    }
  }

  @Test
  void messagesAreAcknowledgedAtOnceWhereThatWasAskedFor() throws Exception {
    connection.command("echo", Map.of(), SOON);
    var pongs = new LinkedBlockingQueue<Integer>();
    server.socket().pongHandler(pong -> pongs.add(pong.length()));

    connection.acknowledgePromptly();
    connection.command("echo", Map.of(), SOON);

    assertThat(pongs.poll(30, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void anAnswerInManyFragmentsIsWhole() throws Exception {
    assertThat(connection.command("large", Map.of(), SOON).path("data").asText())
        .hasSize(5_000_000);
  }

  @Test
  void aRefusalNamesItsCode() {
    assertThatThrownBy(() -> connection.command("refuse", Map.of(), SOON))
        .isInstanceOf(BidiException.Refused.class)
        .hasMessage("refuse was refused: no such frame (it is gone)");
  }

  @Test
  void aLateAnswerReachesNobody() throws Exception {
    assertThatThrownBy(() -> connection.command("silence", Map.of(), SHORT))
        .isInstanceOf(BidiException.TimedOut.class)
        .hasMessage("silence was not answered within 100 ms");

    var late = new JsonObject().put("number", -1);
    TestingBidiServer.answer(server.socket(), unanswered.getFirst(), late);

    assertThat(connection.command("echo", Map.of("number", 7), SOON).path("number").asInt())
        .isEqualTo(7);
    assertThat(connection.closed()).isNotDone();
  }

  @Test
  void eventsArriveInOrderAndAListenerMaySendCommands() throws Exception {
    var heard = new LinkedBlockingQueue<Integer>();
    connection.on(
        "log.entryAdded",
        event -> {
          try {
            heard.add(
                connection.command("echo", Map.of("n", event.path("n")), SOON).path("n").asInt());
          } catch (BidiException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });

    for (int n = 1; n <= 3; n++) {
      var event = new JsonObject().put("type", "event").put("method", "log.entryAdded");
      server.socket().writeTextMessage(event.put("params", new JsonObject().put("n", n)).encode());
    }

    for (int n = 1; n <= 3; n++) {
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(n);
    }
  }

  @Test
  void aClosedSocketEndsWhatWaits() throws Exception {
    var waiting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return connection.command("silence", Map.of(), Duration.ofMinutes(1)).toString();
          } catch (BidiException | InterruptedException e) {
            return e.toString();
          }
        });
    var socket = server.socket();
    connection.command("echo", Map.of(), SOON);

    socket.close();

    assertThat(connection.closed()).succeedsWithin(SOON).asString().contains("closed the socket");
    assertThat(waiting).succeedsWithin(SOON).asString().contains("closed the socket");
    assertThatThrownBy(() -> connection.command("echo", Map.of(), SOON))
        .isInstanceOf(BidiException.Closed.class);
  }

  @Test
  void aDeafServerIsNoticedByItsHeartbeat() {
    connection.watch("silence", SHORT, SHORT);

    assertThat(connection.closed())
        .succeedsWithin(SOON)
        .isEqualTo("no heartbeat: silence was not answered within 100 ms");
  }

  @Test
  void aRefusedHeartbeatIsAHeartbeat() throws Exception {
    connection.watch("refuse", Duration.ofMillis(1), SHORT);

    for (int i = 0; i < 100; i++) {
      connection.command("echo", Map.of(), SOON);
    }
    assertThat(connection.closed()).isNotDone();
  }

  @Test
  void noServerIsAnErrorThatNamesTheAddress() {
    assertThatThrownBy(() -> BidiConnection.connect(URI.create("ws://127.0.0.1:1/session"), SOON))
        .isInstanceOf(BidiException.Closed.class)
        .hasMessageContaining("no connection to ws://127.0.0.1:1/session");
  }
}
