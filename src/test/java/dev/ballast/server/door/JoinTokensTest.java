package dev.ballast.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinTokensTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private final TestingClock clock = new TestingClock(NOW);
  private JoinTokens tokens;
  private String token;

  @BeforeEach
  void make() throws IOException {
    tokens = new JoinTokens(folder.resolve("tokens"), clock);
    token = tokens.make("team/edge", NOW.plus(Duration.ofDays(1)));
  }

  private Optional<String> refused(String path, String shown) {
    return tokens.check("POST", path, Optional.of(shown)).map(Guard.Refusal::type);
  }

  private static String sync(String worker) {
    return "/api/v1/workers/%s/sync".formatted(worker);
  }

  @Test
  void aTokenSpeaksForWorkersOfItsPoolOnly() {
    assertThat(refused(sync("desk@team%2Fedge"), token)).isEmpty();
    assertThat(refused(sync("desk@team%2Fchrome"), token)).contains("not-that-worker");
    assertThat(refused(sync("edge-7x2kq.team"), token)).contains("not-that-worker");
    assertThat(refused("/api/v1/workers", token)).contains("forbidden");
    assertThat(refused("/api/v1/namespaces/default/jobs", token)).contains("forbidden");
  }

  @Test
  void itExpiresAndIsTakenBackByDeletingItsLine() throws IOException {
    clock.pass(Duration.ofDays(1).minusSeconds(1));
    assertThat(refused(sync("desk@team%2Fedge"), token)).isEmpty();
    clock.pass(Duration.ofSeconds(1));
    assertThat(refused(sync("desk@team%2Fedge"), token)).contains("expired-token");

    String later = tokens.make("team/edge", clock.instant().plusSeconds(60));
    assertThat(refused(sync("desk@team%2Fedge"), later)).isEmpty();
    Files.writeString(folder.resolve("tokens"), "# nobody\n");
    assertThat(refused(sync("desk@team%2Fedge"), later)).contains("bad-token");
  }

  @Test
  void onlyItsHashIsKeptWhereOnlyItsOwnerReads() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("tokens"));

    assertThat(lines).singleElement().asString().matches("[0-9a-f]{64} team/edge 2026-01-02T.*");
    assertThat(lines.getFirst()).doesNotContain(token.substring("ballast-join-".length()));
    assertThat(Files.getPosixFilePermissions(folder.resolve("tokens")))
        .extracting(Enum::name)
        .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
    assertThat(refused(sync("desk@team%2Fedge"), lines.getFirst().substring(0, 64)))
        .as("the hash is no token")
        .contains("bad-token");
  }

  @Test
  void whatIsNoJoinTokenIsLeftToTheOtherGuard() {
    Guard guard = new SharedToken("0123456789abcdef0123").joinedBy(tokens);

    assertThat(guard.check("GET", "/", Optional.of("0123456789abcdef0123"))).isEmpty();
    assertThat(guard.check("GET", "/", Optional.of("0123456789abcdef0124"))).isPresent();
    assertThat(guard.check("GET", "/", Optional.empty())).isPresent();
    assertThat(guard.check("POST", sync("desk@team%2Fedge"), Optional.of(token))).isEmpty();
    assertThat(guard.check("GET", "/", Optional.of(token))).isPresent();
  }

  @Test
  void withoutAFileNoTokenIsKnown() {
    JoinTokens none = new JoinTokens(folder.resolve("none"), clock);

    assertThat(none.check("POST", sync("desk@team%2Fedge"), Optional.of(token)))
        .map(Guard.Refusal::type)
        .contains("bad-token");
  }
}
