package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessTest {
  private static final int ROUNDS = 4;

  @TempDir Path path;

  @Test
  void aKilledProcessKeepsEveryEventThatItAcknowledged() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long acknowledged = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      acknowledged = appendUntilKilled(5 + random.nextInt(100));

      List<Event> events = new ArrayList<>();
      try (DataDirectory directory = DataDirectory.open(path);
          Store store = Store.open(directory)) {
        store.journal().replay(events::add);

        assertThat(events)
            .as("round %d, seed %d", round, seed)
            .hasSizeGreaterThanOrEqualTo((int) acknowledged);
        assertThat(store.history().results(ResultFilter.ALL))
            .as("round %d, seed %d: results are those of the journal", round, seed)
            .isEqualTo(
                events.stream().map(event -> ((Event.AttemptEnded) event).result()).toList());
        assertThat(store.journal().nextEpoch()).isEqualTo(2L * round);
      }
    }
  }

  /**
   * Returns the number of events in the journal by the last acknowledgement read before the kill.
   */
  private long appendUntilKilled(int acknowledgements) throws IOException {
    try (TestingChild child = TestingChild.start(AppendingChild.class, path.toString())) {
      long acknowledged = 0;
      for (int i = 0; i < acknowledgements; i++) {
        acknowledged = Long.parseLong(String.valueOf(child.readLine()));
      }
      child.kill();
      for (String line = child.readLine(); line != null; line = child.readLine()) {
        // The last line may be torn by the kill.
        if (line.matches("[0-9]{12}")) {
          acknowledged = Long.parseLong(line);
        }
      }
      return acknowledged;
    }
  }

  /** Appends batches for ever and prints how many events are durable after each. */
  static final class AppendingChild {
    public static void main(String[] arguments) {
      try (DataDirectory directory = DataDirectory.open(Path.of(arguments[0]));
          Store store = Store.open(directory)) {
        store.journal().nextEpoch();
        long[] count = {0};
        store.journal().replay(event -> count[0]++);
        for (int size = 1; ; size = size % 7 + 1) {
          List<Event> batch = new ArrayList<>();
          for (int i = 0; i < size; i++) {
            batch.add(TestingResults.audio().job("killed", (int) count[0] + i).ended());
          }
          store.journal().append(batch, List.of());
          count[0] += size;
          System.out.printf("%012d%n", count[0]);
          System.out.flush();
        }
      }
    }
  }
}
