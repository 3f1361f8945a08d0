package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ballast.store.DataDirectoryException.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  private static final long THIS_PROCESS = ProcessHandle.current().pid();

  @TempDir Path temporary;

  @Test
  void aDirectoryThatIsNotThereIsMade() {
    Path path = temporary.resolve("a/b");

    try (DataDirectory directory = DataDirectory.open(path)) {
      assertThat(directory.path()).isDirectory();
      assertThat(directory.evidence()).isDirectory().hasParent(directory.path());
      assertThat(directory.database()).hasFileName("ballast.duckdb");
    }
  }

  @Test
  void aSecondOpeningNamesTheProcessThatHasIt() {
    try (DataDirectory first = DataDirectory.open(temporary)) {
      assertThat(first.path()).exists();

      assertThatThrownBy(() -> DataDirectory.open(temporary))
          .isInstanceOf(DataDirectoryException.class)
          .hasMessageContaining("is in use by process " + THIS_PROCESS)
          .hasMessageContaining("--data DIR");
    }
  }

  @Test
  void anotherProcessIsNamedAndItsDeathFreesTheDirectory() throws IOException {
    try (TestingChild child = TestingChild.start(HoldingChild.class, temporary.toString())) {
      assertThat(child.readLine()).isEqualTo("open");

      DataDirectoryException refusal =
          catchThrowableOfType(DataDirectoryException.class, () -> DataDirectory.open(temporary));
      assertThat(refusal.problem()).isEqualTo(Problem.IN_USE);
      assertThat(refusal)
          .hasMessageContaining(
              "is in use by process %d (http://127.0.0.1:7878)".formatted(child.pid()))
          .hasMessageContaining("--server http://127.0.0.1:7878");
      assertThat(DataDirectory.owner(temporary))
          .contains(
              new DataDirectory.Owner(
                  OptionalLong.of(child.pid()),
                  java.util.Optional.of(URI.create("http://127.0.0.1:7878"))));

      child.kill();

      assertThat(DataDirectory.owner(temporary)).isEmpty();
      DataDirectory.open(temporary).close();
    }
  }

  @Test
  void anOwnerIsKnownWhileItLastsAndDoesNotLoseItsLockByTheQuestion() throws IOException {
    assertThat(DataDirectory.owner(temporary)).isEmpty();
    try (DataDirectory directory = DataDirectory.open(temporary)) {
      directory.announce(URI.create("http://127.0.0.1:1"));

      assertThat(DataDirectory.owner(temporary).orElseThrow().server())
          .contains(URI.create("http://127.0.0.1:1"));
      try (TestingChild child = TestingChild.start(HoldingChild.class, temporary.toString())) {
        assertThat(child.readLine()).contains("is in use by process " + THIS_PROCESS);
      }
    }
    assertThat(DataDirectory.owner(temporary)).isEmpty();
  }

  @Test
  void aFileInItsPlaceIsSaid() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));

    assertThatThrownBy(() -> DataDirectory.open(file))
        .hasMessageContaining("file is a file, not a directory. Choose another directory");
  }

  @Test
  void aDirectoryBelowAFileIsSaid() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));

    assertThatThrownBy(() -> DataDirectory.open(file.resolve("below")))
        .isInstanceOf(DataDirectoryException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void aDirectoryThatMayNotBeWrittenIsSaid() {
    // Permissions do not stop root, who runs the tests on a bare machine; the kernel's own files
    // do.
    assertThatThrownBy(() -> DataDirectory.open(Path.of("/proc/sys")))
        .hasMessageContaining("cannot be written");
  }

  @Test
  void aFullDiskIsSaidBeforeTheFirstJob() {
    DataDirectoryException refusal =
        catchThrowableOfType(
            DataDirectoryException.class, () -> DataDirectory.open(temporary, Long.MAX_VALUE));

    assertThat(refusal.problem()).isEqualTo(Problem.FULL);
    assertThat(refusal).hasMessageContaining("MiB are free at").hasMessageContaining("Make room");
    DataDirectory.open(temporary).close();
  }

  @Test
  void aFileThatIsNoDatabaseIsSaidAndLeftAlone() throws IOException {
    try (DataDirectory directory = DataDirectory.open(temporary)) {
      Files.writeString(directory.database(), "not a database, but four letters long".repeat(1000));

      DataDirectoryException refusal =
          catchThrowableOfType(DataDirectoryException.class, () -> Store.open(directory));

      assertThat(refusal.problem()).isEqualTo(Problem.DAMAGED);
      assertThat(refusal).hasMessageContaining("ballast.duckdb cannot be read");
      assertThat(directory.database()).content().startsWith("not a database");
    }
  }

  @Test
  void aDatabaseOfANewerBallastIsSaidAndLeftAlone() throws Exception {
    try (DataDirectory directory = DataDirectory.open(temporary)) {
      try (Store store = Store.open(directory)) {
        assertThat(store.journal().nextEpoch()).isEqualTo(1);
      }
      try (var connection =
              java.sql.DriverManager.getConnection("jdbc:duckdb:" + directory.database());
          var statement = connection.createStatement()) {
        statement.execute("INSERT INTO schema_version VALUES (4711, 'V4711__later.sql', now())");
      }

      assertThatThrownBy(() -> Store.open(directory))
          .isInstanceOf(DataDirectoryException.class)
          .hasMessageContaining("was written by a newer Ballast (schema 4711, known here: 4)");
    }
  }

  @Test
  void aDatabaseThatIsOpenInAnotherProgramIsSaid() throws IOException {
    try (DataDirectory directory = DataDirectory.open(temporary);
        TestingChild child =
            TestingChild.start(ReadingChild.class, directory.database().toString())) {
      assertThat(child.readLine()).isEqualTo("open");

      DataDirectoryException refusal =
          catchThrowableOfType(DataDirectoryException.class, () -> Store.open(directory));

      assertThat(refusal.problem()).isEqualTo(Problem.IN_USE);
      assertThat(refusal)
          .hasMessageContaining("is open in another program")
          .hasMessageContaining("PID " + child.pid());
    }
  }

  @Test
  void theUnpackedLibraryIsNotLeftBehind() throws IOException {
    Store.prepare();

    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      assertThat(maps.filter(line -> line.contains("libduckdb_java")))
          .allMatch(line -> line.endsWith("(deleted)"));
    }
  }

  /** Opens the directory, says so, and holds it until it is killed or told to end. */
  static final class HoldingChild {
    public static void main(String[] arguments) throws IOException {
      try (DataDirectory directory = DataDirectory.open(Path.of(arguments[0]))) {
        directory.announce(URI.create("http://127.0.0.1:7878"));
        System.out.println("open");
        System.out.flush();
        System.in.read();
      } catch (DataDirectoryException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** Has the database open, as the tool of a user would. */
  static final class ReadingChild {
    public static void main(String[] arguments) throws Exception {
      try (var connection = java.sql.DriverManager.getConnection("jdbc:duckdb:" + arguments[0])) {
        System.out.println(connection.isValid(1) ? "open" : "not open");
        System.out.flush();
        System.in.read();
      }
    }
  }
}
