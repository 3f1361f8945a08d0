package dev.ballast.worker.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a process prints, so that it never blocks, and waits for the line that says it is
 * ready.
 */
final class ProcessOutput {
  private static final int KEPT_LINES = 20;

  /** Chromium: "V8 javascript OOM (Reached heap limit)." Firefox: "mozalloc_abort: OOM". */
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("\\bOOM\\b|out of memory|Out of memory");

  private final Deque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<String> announced = new CompletableFuture<>();
  private final Pattern announcement;
  private @Nullable Complaint complaint;

  private record Complaint(String line, long nanos) {}

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

  /**
   * A line, not older than {@code age}, in which a process says that it got no memory. One that
   * died a moment ago may have said it, and we not have read it: waits up to {@code patience}.
   */
  synchronized Optional<String> outOfMemory(Duration age, Duration patience) {
    long now = System.nanoTime();
    long deadline = now + patience.toNanos();
    try {
      while (!saidSince(now - age.toNanos()) && System.nanoTime() < deadline) {
        wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Complaint last = complaint;
    return last != null && saidSince(now - age.toNanos())
        ? Optional.of(last.line())
        : Optional.empty();
  }

  private synchronized boolean saidSince(long nanos) {
    return complaint != null && complaint.nanos() >= nanos;
  }

  private synchronized void keep(String line) {
    if (OUT_OF_MEMORY.matcher(line).find()) {
      complaint = new Complaint(line, System.nanoTime());
      notifyAll();
    }
    lastLines.add(line);
    if (lastLines.size() > KEPT_LINES) {
      lastLines.remove();
    }
  }
}
