package dev.ballast.worker.bidi;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A WebSocket that answers commands as the test says. */
final class TestingBidiServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final CompletableFuture<ServerWebSocket> socket = new CompletableFuture<>();
  private final HttpServer server;

  TestingBidiServer(BiConsumer<ServerWebSocket, JsonObject> onCommand) throws Exception {
    server =
        vertx
            .createHttpServer()
            .webSocketHandler(opened -> {
              opened.textMessageHandler(text -> onCommand.accept(opened, new JsonObject(text)));
              socket.complete(opened);
            })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
  }

  URI endpoint() {
    return URI.create("ws://127.0.0.1:%d/session".formatted(server.actualPort()));
  }

  /** The connection of the client. */
  ServerWebSocket socket() throws Exception {
    return socket.get(30, TimeUnit.SECONDS);
  }

  static void answer(ServerWebSocket socket, JsonObject command, JsonObject result) {
    socket.writeTextMessage(
        new JsonObject()
            .put("type", "success")
            .put("id", command.getLong("id"))
            .put("result", result)
            .encode());
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
