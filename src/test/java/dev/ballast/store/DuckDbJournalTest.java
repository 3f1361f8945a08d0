package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JournalException;
import dev.ballast.model.AttemptId;
import dev.ballast.model.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuckDbJournalTest {
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
  void whatWasAppendedIsReplayedInItsOrder() {
    journal.append(List.of(returned(1), returned(2)), List.of());
    journal.append(List.of(returned(3)), List.of());

    assertThat(replayed()).containsExactly(returned(1), returned(2), returned(3));
  }

  @Test
  void whatWasAppendedIsThereAfterAReopening() {
    journal.append(List.of(returned(1)), List.of());
    close();
    open();
    journal.append(List.of(returned(2)), List.of());

    assertThat(replayed()).containsExactly(returned(1), returned(2));
  }

  @Test
  void aReplayOfManyPagesMissesNothing() {
    List<Event> batch = IntStream.range(0, 45_000).mapToObj(DuckDbJournalTest::returned).toList();

    journal.append(batch, List.of());

    assertThat(replayed()).isEqualTo(batch);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyKindOfEventComesBackAsItWas(long seed) {
    List<Event> batch = new ArrayList<>();
    TestingRecords records = new TestingRecords(seed);
    for (Class<?> type : EventCodec.records(Event.class).toList()) {
      for (int i = 0; i < 30; i++) {
        batch.add((Event) records.next(type));
      }
    }

    journal.append(batch, List.of());

    assertThat(replayed()).isEqualTo(batch);
  }

  @Test
  void anEndedAttemptIsARowOfTheHistoryForWhoeverReadsIt() throws SQLException {
    var ended = TestingResults.audio().ended();

    journal.append(List.of(returned(1), ended), List.of());

    assertThat(new History(database).results(ResultFilter.ALL)).containsExactly(ended.result());
    assertThat(count("attempts WHERE sequence = 2")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void anyResultIsReadBackFromItsColumns(long seed) {
    TestingRecords records = new TestingRecords(seed);
    List<Event> batch = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      batch.add(records.next(Event.AttemptEnded.class));
    }

    journal.append(batch, List.of());

    assertThat(new History(database).results(ResultFilter.ALL))
        .isEqualTo(batch.stream().map(event -> ((Event.AttemptEnded) event).result()).toList());
  }

  @Test
  void aReignIsNeverOpenedTwice() {
    assertThat(journal.nextEpoch()).isEqualTo(1);
    assertThat(journal.nextEpoch()).isEqualTo(2);
    close();
    open();

    assertThat(journal.nextEpoch()).isEqualTo(3);
  }

  @Test
  void aFlippedRecordIsFoundAndSaid() throws SQLException {
    journal.append(List.of(returned(1), returned(2), returned(3)), List.of());
    sql(
        "UPDATE journal SET payload = replace(payload, '\"index\":2', '\"index\":7') WHERE sequence"
            + " = 2");
    List<Event> seen = new ArrayList<>();

    assertThatThrownBy(() -> journal.replay(seen::add))
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageStartingWith("record 2 of the journal is damaged: its checksum is wrong");
    assertThat(seen).containsExactly(returned(1));
  }

  @Test
  void aFlippedTimeIsFoundToo() throws SQLException {
    journal.append(List.of(returned(1)), List.of());
    sql("UPDATE journal SET happened_at = happened_at + INTERVAL 1 MICROSECOND");

    assertThatThrownBy(this::replayed).isInstanceOf(DamagedJournalException.class);
  }

  @Test
  void aMissingRecordIsFoundAndSaid() throws SQLException {
    journal.append(List.of(returned(1), returned(2), returned(3)), List.of());
    sql("DELETE FROM journal WHERE sequence = 2");

    assertThatThrownBy(this::replayed)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageStartingWith("record 2 of the journal is damaged: it is missing");
  }

  @Test
  void aRecordThatIsThereTwiceIsFoundAndSaid() throws SQLException {
    journal.append(List.of(returned(1), returned(2)), List.of());
    sql("INSERT INTO journal SELECT * FROM journal WHERE sequence = 1");

    assertThatThrownBy(this::replayed)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("it is there twice");
  }

  @Test
  void anEventOfANewerVersionIsNotGuessedAt() throws SQLException {
    var row = EventCodec.Row.of(1, "MoonPhaseChanged", 1, TestingResults.START, "{}");
    sql(
        "INSERT INTO journal VALUES (1, 'MoonPhaseChanged', 1, '%s', '{}', %d)"
            .formatted(row.happenedAt(), row.checksum()));
    close();
    open();

    assertThatThrownBy(this::replayed)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("a newer Ballast wrote it (MoonPhaseChanged, form 1)");
  }

  @Test
  void aFailedAppendKeepsNothingAndTheNextOneWorks() throws SQLException {
    journal.append(List.of(returned(1)), List.of());
    sql("ALTER TABLE journal RENAME TO away");

    assertThatThrownBy(
            () -> journal.append(List.of(returned(2), TestingResults.audio().ended()), List.of()))
        .isInstanceOf(JournalException.class)
        .hasMessageStartingWith("2 events could not be made durable");

    sql("ALTER TABLE away RENAME TO journal");
    journal.append(List.of(returned(3)), List.of());
    assertThat(replayed()).containsExactly(returned(1), returned(3));
    assertThat(new History(database).results(ResultFilter.ALL)).isEmpty();
    assertThat(journal.nextEpoch()).isEqualTo(1);
  }

  @Test
  void aFailedAppendThatReachedTheDiskIsTakenBack() throws SQLException {
    journal.append(List.of(returned(1)), List.of());
    // What a commit leaves that fails behind its last write: its row is there, its caller refused.
    EventCodec.Row lost = new EventCodec().encode(2, returned(2));
    sql(
        "INSERT INTO journal VALUES (2, '%s', %d, '%s', '%s', %d)"
            .formatted(
                lost.type(), lost.version(), lost.happenedAt(), lost.payload(), lost.checksum()));
    sql("ALTER TABLE journal RENAME TO away");
    assertThatThrownBy(() -> journal.append(List.of(returned(2)), List.of()))
        .isInstanceOf(JournalException.class);
    sql("ALTER TABLE away RENAME TO journal");

    journal.append(List.of(returned(3)), List.of());

    assertThat(replayed()).containsExactly(returned(1), returned(3));
  }

  @Test
  void aFlippedByteOfTheLogIsNeverSilentlySkipped() throws IOException {
    journal.append(
        IntStream.range(0, 500).mapToObj(DuckDbJournalTest::returned).toList(), List.of());
    byte[] log = Files.readAllBytes(path.resolve("ballast.duckdb.wal"));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int flip = 0; flip < 60; flip++) {
      // A third at the head and a third at the end, where the lengths are that DuckDB believes.
      int at =
          switch (flip % 3) {
            case 0 -> random.nextInt(300);
            case 1 -> log.length - 1 - random.nextInt(60);
            default -> random.nextInt(log.length);
          };
      byte[] flipped = log.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));

      assertThatThrownBy(() -> openAgain(crashed(flipped)))
          .as("seed %d, byte %d", seed, at)
          .isInstanceOf(DataDirectoryException.class)
          .hasMessageContaining("backup");
    }
  }

  @Test
  void aLogThatIsGoneIsMissed() throws IOException {
    journal.append(List.of(returned(1), returned(2)), List.of());

    assertThatThrownBy(() -> openAgain(crashed(new byte[0])))
        .isInstanceOf(DataDirectoryException.class)
        .hasMessageStartingWith("the journal ends with record 0, but record 2 was acknowledged");
  }

  @Test
  void withoutTheMarkABackupIsTakenAsItIs() throws IOException {
    journal.append(List.of(returned(1)), List.of());
    Path backup = crashed(new byte[0]);
    Files.delete(backup.resolveSibling("ballast.duckdb.mark"));

    openAgain(backup);

    assertThat(backup.resolveSibling("ballast.duckdb.mark")).hasContent("000000000000000000");
  }

  @Test
  void aDatabaseThatWasMovedAwayLeavesNoMarkBehind() throws IOException {
    journal.append(List.of(returned(1)), List.of());
    Path moved = crashed(new byte[0]);
    Files.delete(moved);
    Files.delete(moved.resolveSibling("ballast.duckdb.wal"));

    openAgain(moved);

    assertThat(moved).exists();
  }

  /** The files as a crash would leave them now, but for the log. */
  private Path crashed(byte[] log) throws IOException {
    Path crashed = Files.createTempDirectory(path, "crash").resolve("ballast.duckdb");
    Files.copy(path.resolve("ballast.duckdb"), crashed);
    Files.copy(path.resolve("ballast.duckdb.mark"), crashed.resolveSibling("ballast.duckdb.mark"));
    Files.write(crashed.resolveSibling("ballast.duckdb.wal"), log);
    return crashed;
  }

  private static void openAgain(Path file) {
    try (Database again = Database.open(file)) {
      new DuckDbJournal(again).close();
    }
  }

  @Test
  void anEmptyBatchIsNothing() {
    journal.append(List.of(), List.of());

    assertThat(replayed()).isEmpty();
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

  private static Event returned(int index) {
    return new Event.AttemptReturned(
        new AttemptId(new TaskId("uid", index), 1, 1), Instant.ofEpochSecond(index));
  }
}
