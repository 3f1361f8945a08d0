package dev.ballast.server.history;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * Lets few read the history at a time. The journal writes to the same database, and what is
 * accepted must not wait for what somebody looks at. Who finds it busy waits for some seconds, then
 * is told to come back. A stream of results asks here for one chunk after the other, so that slow
 * readers hold nothing.
 */
@ApplicationScoped
public class HistoryReads {
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE, Thread.ofPlatform().daemon().name("history-", 1).factory());

  /** Queries at a time. */
  public static final int AT_ONCE = 4;

  /**
   * What the query answers.
   *
   * @throws BulkheadException when others have been reading for as long as one waits, 2 to 6 s
   */
  @Bulkhead(AT_ONCE)
  @Retry(
      maxRetries = 40,
      delay = 100,
      jitter = 50,
      jitterDelayUnit = ChronoUnit.MILLIS,
      retryOn = BulkheadException.class)
  public <T> T read(Supplier<T> query) {
    return Thread.currentThread().isVirtual() ? onThreadOfItsOwn(query) : query.get();
  }

  /** The database would hold one of the few threads that carry all virtual ones. */
  private <T> T onThreadOfItsOwn(Supplier<T> query) {
    try {
      return CompletableFuture.supplyAsync(query, threads).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  @PreDestroy
  void close() {
    threads.shutdown();
  }
}
