package dev.ballast.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Examples;
import dev.ballast.model.AttemptId;
import dev.ballast.model.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private final Logger logger = Logger.getLogger(EventLog.CATEGORY);
  private final List<String> lines = new ArrayList<>();
  private final List<Map<String, String>> ids = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getLevel() + " " + line.getMessage());
          ids.add(((ExtLogRecord) line).getMdcCopy());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.setLevel(Level.ALL);
    logger.addHandler(handler);
  }

  @AfterEach
  void stop() {
    logger.removeHandler(handler);
    logger.setLevel(null);
  }

  @Test
  void linesCarryTheIdsOfWhatTheyAreAbout() {
    EventFeed feed = new EventFeed("r");
    EventLog log = new EventLog(feed);
    for (Event event :
        List.of(
            new Event.JobAccepted("u1", Examples.job("speech").spec(), Instant.EPOCH),
            new Event.AttemptReturned(new AttemptId(new TaskId("u1", 7), 2, 3), Instant.EPOCH),
            new Event.JobEnded("u1", Event.JobEnd.FAILED, "Reason", "bad\nnews", Instant.EPOCH))) {
      feed.accept(event);
      log.accept(event);
    }

    assertThat(lines)
        .containsExactly(
            "INFO job-accepted default/speech",
            "DEBUG attempt-returned default/speech #7 attempt 2",
            "INFO job-ended default/speech: failed, bad?news");
    assertThat(ids.get(1))
        .containsEntry("namespace", "default")
        .containsEntry("job", "speech")
        .containsEntry("uid", "u1")
        .containsEntry("task", "7")
        .containsEntry("attempt", "2");
    assertThat(ids.get(2)).doesNotContainKeys("task", "attempt");
  }
}
