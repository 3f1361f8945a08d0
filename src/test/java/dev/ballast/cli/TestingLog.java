package dev.ballast.cli;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What one logger says, until it is closed. */
final class TestingLog extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private TestingLog(Logger logger) {
    this.logger = logger;
  }

  static TestingLog of(String name) {
    TestingLog log = new TestingLog(Logger.getLogger(name));
    log.logger.addHandler(log);
    return log;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void publish(LogRecord line) {
    lines.add(
        line instanceof org.jboss.logmanager.ExtLogRecord jboss
            ? jboss.getFormattedMessage()
            : line.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
