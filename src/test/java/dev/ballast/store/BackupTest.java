package dev.ballast.store;

import static dev.ballast.store.TestingResults.audio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.dispatch.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is made while the journal goes on, and what is put in its place goes on from there. */
class BackupTest {
  @TempDir Path path;
  private DataDirectory directory;
  private Store store;

  @BeforeEach
  void open() {
    directory = DataDirectory.open(path.resolve("data"));
    store = Store.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
    directory.close();
  }

  @Test
  void aRestoredBackupHoldsWhatWasDurableWhenItWasMade() throws Exception {
    end(0);
    end(1);
    Path copy = path.resolve("copy.duckdb");
    store.history().backup(copy);
    end(2);

    Path other = Files.createDirectories(path.resolve("other"));
    Files.copy(copy, other.resolve("ballast.duckdb"));
    try (DataDirectory restored = DataDirectory.open(other);
        Store again = Store.open(restored)) {
      assertThat(indexes(again)).containsExactly(0, 1);
      assertThat(again.history().profiles()).isEqualTo(profilesOfTwo());
      assertThat(replayed(again)).isEqualTo(replayed(store).subList(0, 2));
      assertThat(again.journal().nextEpoch()).isPositive();
    }
    assertThat(indexes(store)).containsExactly(0, 1, 2);
  }

  @Test
  void aFileThatIsThereIsNotWrittenOver() throws Exception {
    Path copy = Files.writeString(path.resolve("copy.duckdb"), "of somebody else");

    assertThatThrownBy(() -> store.history().backup(copy)).isInstanceOf(StoreException.class);

    assertThat(Files.readString(copy)).isEqualTo("of somebody else");
  }

  private List<Profile> profilesOfTwo() throws Exception {
    Path third = Files.createDirectories(path.resolve("third"));
    try (DataDirectory fresh = DataDirectory.open(third);
        Store two = Store.open(fresh)) {
      end(two, 0);
      end(two, 1);
      return two.history().profiles();
    }
  }

  private void end(int index) {
    end(store, index);
  }

  private static void end(Store where, int index) {
    where.journal().append(List.of(audio().job("a", index).ended()), List.of());
  }

  private static List<Integer> indexes(Store of) {
    return of.history().results(ResultFilter.ALL).stream().map(result -> result.index()).toList();
  }

  private static List<Event> replayed(Store of) {
    List<Event> events = new ArrayList<>();
    of.journal().replay(events::add);
    return events;
  }
}
