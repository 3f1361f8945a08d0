package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.dispatch.JournalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the journal could be written now, without an event to write. */
class DiskRoomTest {
  @TempDir Path path;

  @Test
  void whereThereIsRoomNothingIsLeftBehind() throws Exception {
    DiskRoom.prove(path.resolve("ballast.duckdb"));

    assertThat(path).isEmptyDirectory();
  }

  @Test
  void anEmptyBatchFailsWhereNothingCanBeWritten() throws Exception {
    try (DataDirectory directory = DataDirectory.open(path);
        Store store = Store.open(directory)) {
      store.journal().append(List.of(), List.of());

      // A folder of that name: no file can be written there, even by root.
      Files.createDirectories(path.resolve("ballast.duckdb.room/x"));

      assertThatThrownBy(() -> store.journal().append(List.of(), List.of()))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("no room");
    }
  }
}
