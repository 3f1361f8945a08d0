package dev.ballast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Examples;
import dev.ballast.dispatch.Reply;
import dev.ballast.dispatch.TestingDispatch;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import dev.ballast.store.BallastJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The worker protocol by example: every file of {@code docs/protocol} is a conversation, each
 * request laid over {@code base-request.json}. Whoever writes a worker in another language can hold
 * it against the same files.
 */
class ProtocolConformanceTest {
  private static final Path FOLDER = Path.of("docs/protocol");
  private static final ObjectMapper JSON = BallastJson.mapper();

  private final TestingDispatch dispatch = new TestingDispatch();

  static Stream<String> conversations() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> Character.isDigit(name.charAt(0)))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void theControllerAnswersAsTheFileSays(String name) throws IOException {
    JsonNode conversation = read(name);
    assertThat(conversation.path("says").asText()).isNotEmpty();

    int step = 0;
    for (JsonNode exchange : conversation.path("exchanges")) {
      step++;
      follow(exchange, "%s, step %d".formatted(name, step));
    }
    assertThat(step).isPositive();
  }

  @Test
  void thereIsAFileForEveryRuleOfTheDocument() throws IOException {
    String document = Files.readString(Path.of("docs/worker-protocol.md"));

    for (String file : conversations().toList()) {
      assertThat(document).contains(file);
    }
  }

  private void follow(JsonNode exchange, String where) throws IOException {
    if (exchange.has("send")) {
      converse(exchange, where);
    } else if (exchange.has("results")) {
      assertThat(dispatch.results()).as(where).hasSize(exchange.path("results").asInt());
    } else if (exchange.has("state")) {
      assertThat(dispatch.job(exchange.path("job").asText()).state().label())
          .as(where)
          .isEqualTo(exchange.path("state").asText());
    } else {
      command(exchange);
    }
  }

  private void converse(JsonNode exchange, String where) throws IOException {
    ObjectNode request = (ObjectNode) read("base-request.json");
    request.setAll((ObjectNode) exchange.path("send"));

    Reply reply = dispatch.send(JSON.treeToValue(request, SyncRequest.class));

    if (reply instanceof Reply.Synced(_, var response)) {
      JsonNode answer = JSON.valueToTree(response);
      assertThat(exchange.has("expect")).as("%s: an answer was expected", where).isTrue();
      for (var expected : exchange.path("expect").properties()) {
        JsonNode said = answer.path(expected.getKey());
        assertThat(matches(expected.getValue(), said))
            .as("%s: %s is %s, expected %s", where, expected.getKey(), said, expected.getValue())
            .isTrue();
      }
    } else {
      assertThat(((Reply.Refused) reply).code().label())
          .as(where)
          .isEqualTo(exchange.path("refused").asText());
    }
  }

  /** Whether every field that is expected is there as expected; a list has that many elements. */
  private static boolean matches(JsonNode expected, JsonNode said) {
    if (expected.isObject()) {
      return expected.properties().stream()
          .allMatch(field -> matches(field.getValue(), said.path(field.getKey())));
    }
    if (expected.isArray()) {
      if (expected.size() != said.size()) {
        return false;
      }
      for (int i = 0; i < expected.size(); i++) {
        if (!matches(expected.get(i), said.get(i))) {
          return false;
        }
      }
      return true;
    }
    return expected.isNumber()
        ? expected.asDouble() == said.asDouble()
        : expected.asText().equals(said.asText());
  }

  private void command(JsonNode exchange) {
    String worker = exchange.path("worker").asText();
    switch (exchange.path("controller").asText()) {
      case "submit" ->
          dispatch.submit(
              Examples.job(exchange.path("name").asText())
                  .repetitions(exchange.path("repetitions").asInt(1))
                  .retries(exchange.path("retries").asInt(0)));
      case "drain" ->
          dispatch.command(ticket -> new Command.DrainWorker(ticket, new WorkerId(worker)));
      case "cancel" -> dispatch.cancel(exchange.path("job").asText());
      case "pass" -> dispatch.pass(Duration.parse(exchange.path("time").asText()));
      case "restart" -> dispatch.restart();
      default -> throw new AssertionError("not a step: " + exchange);
    }
  }

  private static JsonNode read(String name) throws IOException {
    return JSON.readTree(FOLDER.resolve(name).toFile());
  }
}
