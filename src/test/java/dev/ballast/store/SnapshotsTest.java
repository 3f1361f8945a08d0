package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.dispatch.Decided;
import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptId;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotsTest {
  private static final List<Event> STATE = List.of(event(100), event(101), event(102));

  @TempDir Path path;
  private Database database;
  private DuckDbJournal journal;

  @BeforeEach
  void open() {
    database = Database.open(path.resolve("ballast.duckdb"));
    journal = new DuckDbJournal(database);
  }

  @AfterEach
  void close() {
    journal.close();
    database.close();
  }

  @Test
  void theStateTakesThePlaceOfTheEventsBeforeIt() throws SQLException {
    append(1, 2, 3);
    snapshot(STATE);
    append(4);

    assertThat(replayed()).containsExactly(event(100), event(101), event(102), event(4));
    assertThat(count("journal")).isEqualTo(1);
    close();
    open();
    append(5);
    assertThat(replayed()).containsExactly(event(100), event(101), event(102), event(4), event(5));
  }

  @Test
  void aSnapshotOfManyPartsIsReadWholeAndInOrder() {
    append(1);
    List<Event> state = IntStream.range(0, 30_000).mapToObj(SnapshotsTest::event).toList();
    snapshot(state);

    assertThat(replayed()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE FROM snapshots WHERE part = 20000 | part 20000 | missing",
        "DELETE FROM snapshots WHERE part = 29999 | part 29999 | missing",
        "INSERT INTO snapshots SELECT * FROM snapshots WHERE part = 20000 | part 20000 | twice",
      })
  void damageToOneOfManyPartsIsFound(String damage, String part, String said) throws SQLException {
    append(1);
    snapshot(IntStream.range(0, 30_000).mapToObj(SnapshotsTest::event).toList());
    sql(damage);

    assertThatThrownBy(this::replayed)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining(part)
        .hasMessageContaining(said);
  }

  @Test
  void aNewerSnapshotReplacesTheOlderOne() throws SQLException {
    append(1, 2);
    snapshot(STATE);
    append(3);
    snapshot(List.of(event(200)));

    assertThat(replayed()).containsExactly(event(200));
    assertThat(count("snapshots")).isEqualTo(1);
    assertThat(count("journal")).isZero();
  }

  @Test
  void whatIsAppendedMeanwhileStays() {
    append(1, 2);
    journal.snapshot(STATE);
    append(3);
    append(4);

    assertThat(journal.awaitSnapshot()).isTrue();
    assertThat(replayed()).containsExactly(event(100), event(101), event(102), event(3), event(4));
  }

  @Test
  void aSnapshotThatFailsLosesNothing() throws SQLException {
    append(1, 2);
    snapshot(STATE);
    append(3);
    sql("ALTER TABLE snapshots RENAME TO away");
    journal.snapshot(STATE);

    assertThat(journal.awaitSnapshot()).isFalse();
    sql("ALTER TABLE away RENAME TO snapshots");
    assertThat(replayed()).containsExactly(event(100), event(101), event(102), event(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "UPDATE snapshots SET payload = replace(payload, '101', '102') WHERE part = 1 | checksum",
        "DELETE FROM snapshots WHERE part = 1 | missing",
        "DELETE FROM snapshots WHERE part = 2 | missing",
        "INSERT INTO snapshots SELECT * FROM snapshots WHERE part = 2 | twice",
        "UPDATE snapshots SET parts = 2 WHERE part = 1 | another",
      })
  void aDamagedSnapshotIsFoundAndSaid(String damage, String said) throws SQLException {
    append(1, 2);
    snapshot(STATE);
    sql(damage);

    assertThatThrownBy(this::replayed)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("snapshot")
        .hasMessageContaining(said)
        .hasMessageContaining("backup");
  }

  @Test
  void theFileDoesNotGrowWithTheEventsItHasSeen() throws Exception {
    long before = 0;
    for (int round = 0; round < 8; round++) {
      int first = round * 20_000;
      journal.append(
          IntStream.range(first, first + 20_000).mapToObj(SnapshotsTest::event).toList(),
          List.of());
      snapshot(STATE);
      sql("CHECKPOINT");
      if (round == 1) {
        before = Files.size(path.resolve("ballast.duckdb"));
      }
    }

    assertThat(Files.size(path.resolve("ballast.duckdb"))).isLessThan(2 * before);
  }

  @Test
  void aDecisionCanBeExplainedAfterARestart() {
    AttemptId attempt = new AttemptId(new TaskId("uid", 7), 2, 1);
    Decision.Placed placed =
        new Decision.Placed(
            candidate("w1"),
            IntStream.rangeClosed(1, 9).mapToObj(n -> candidate("w" + n)).toList());
    journal.append(List.of(event(1)), List.of(new Decided(attempt, placed)));
    close();
    open();

    assertThat(new History(database).decision("uid", 7))
        .get()
        .satisfies(decision -> {
          assertThat(decision.chosen()).isEqualTo(placed.chosen());
          assertThat(decision.candidates()).isEqualTo(placed.candidates().subList(0, 4));
        });
    assertThat(new History(database).decision("uid", 8)).isEmpty();
  }

  private static Candidate candidate(String worker) {
    return new Candidate(
        new WorkerId(worker),
        "pool",
        BrowserKind.FIREFOX,
        Backend.WASM,
        true,
        Map.of(Factor.AFFINITY, 1.5, Factor.WAIT, 0.25));
  }

  private void append(long... events) {
    journal.append(LongStream.of(events).mapToObj(n -> event((int) n)).toList(), List.of());
  }

  private void snapshot(List<Event> state) {
    journal.snapshot(state);
    assertThat(journal.awaitSnapshot()).isTrue();
  }

  private List<Event> replayed() {
    List<Event> events = new ArrayList<>();
    journal.replay(events::add);
    return events;
  }

  private void sql(String statement) throws SQLException {
    try (var connection = database.connection();
        Statement side = connection.createStatement()) {
      side.execute(statement);
    }
  }

  private long count(String from) throws SQLException {
    try (var connection = database.connection();
        Statement side = connection.createStatement();
        var row = side.executeQuery("SELECT count(*) FROM " + from)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static Event event(int index) {
    return new Event.AttemptReturned(
        new AttemptId(new TaskId("uid", index), 1, 1), Instant.ofEpochSecond(index));
  }
}
