package dev.ballast.worker.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a process prints, so that it never blocks, and waits for the line that says it is
 * ready.
 */
final class ProcessOutput {
  private static final int KEPT_LINES = 20;

  private final Deque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<String> announced = new CompletableFuture<>();
  private final Pattern announcement;

  /** The first group of {@code announcement} is what {@link #await} returns. */
  ProcessOutput(InputStream output, Pattern announcement) {
    this.announcement = announcement;
    Thread.ofPlatform().daemon().name("browser-output").start(() -> readAll(output));
  }

  String await(Duration timeout) throws BrowserException {
    try {
      return announced.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      String how = e instanceof TimeoutException ? "in " + timeout.toSeconds() + " s" : "and ended";
      throw new BrowserException(
          "it did not say \"%s\" %s. Its last words: %s"
              .formatted(announcement.pattern(), how, lastWords()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserException("interrupted while it started", e);
    }
  }

  synchronized String lastWords() {
    return lastLines.isEmpty() ? "none" : String.join(" | ", lastLines);
  }

  private void readAll(InputStream output) {
    try (var lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keep(line);
        Matcher matcher = announcement.matcher(line);
        if (matcher.find()) {
          announced.complete(matcher.group(1));
        }
      }
    } catch (IOException e) {
      keep("(output ended: " + e.getMessage() + ")");
    }
    announced.completeExceptionally(new IllegalStateException("end of output"));
  }

  private synchronized void keep(String line) {
    lastLines.add(line);
    if (lastLines.size() > KEPT_LINES) {
      lastLines.remove();
    }
  }
}
