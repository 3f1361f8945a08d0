package dev.ballast.worker;

import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The worker's talk with its controller: its whole state every time, so that a lost or repeated
 * exchange does no harm. There is always one under way; what is new meanwhile is said at once, in
 * another. A controller that is away is asked again until it is back, and what ended meanwhile
 * waits in the outbox.
 */
final class Exchange {
  private static final Logger LOG = System.getLogger(Exchange.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);

  private final Controller controller;
  private final Workload workload;
  private final Outbox outbox;
  private final Status status;
  private volatile long sequence;
  private volatile boolean stale;
  private volatile long epoch;
  private volatile long heartbeatMillis = 2000;
  private volatile CompletableFuture<SyncResponse> inFlight = new CompletableFuture<>();
  private volatile @Nullable String lastTrouble;

  Exchange(Controller controller, Workload workload, Outbox outbox, Status status) {
    this.controller = controller;
    this.workload = workload;
    this.outbox = outbox;
    this.status = status;
  }

  /** Goes on until the worker stops. */
  void run() throws InterruptedException {
    Duration retry = FIRST_RETRY;
    while (!workload.isStopping()) {
      Workload.Held held = workload.held();
      CompletableFuture<Boolean> answered = send(held);
      workload.await(answered, held);
      if (answered.getNow(true)) {
        retry = FIRST_RETRY;
      } else {
        TimeUnit.NANOSECONDS.sleep(retry.toNanos());
        Duration longer = retry.multipliedBy(2);
        retry = longer.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : longer;
      }
    }
  }

  /** Completes with whether there was an answer. */
  private CompletableFuture<Boolean> send(Workload.Held held) {
    if (stale) {
      stale = false;
      sequence = 0;
      status.joinAnew();
    }
    // Counted by the exchanging thread alone; answers that come on others compare with it.
    long number = sequence + 1;
    sequence = number;
    SyncRequest request = status.request(held, number, outbox.batch(), heartbeatMillis);
    CompletableFuture<SyncResponse> answer = controller.sync(request);
    inFlight = answer;
    CompletableFuture<Boolean> answered =
        answer
            .thenApply(response -> receive(held, response))
            .exceptionally(failure -> {
              boolean refusedAsOld = root(failure) instanceof StaleExchangeException;
              boolean present = number == sequence;
              stale |= refusedAsOld && present;
              // One that a newer exchange has overtaken is refused: that is as it should be.
              boolean expected = workload.isStopping() || (refusedAsOld && !present);
              tell(expected, rootMessage(failure));
              return false;
            });
    var _ = answered.thenRun(workload::wake);
    return answered;
  }

  /** A controller that stays away is complained of once, not with every exchange. */
  private void tell(boolean expected, String trouble) {
    boolean said = trouble.equals(lastTrouble);
    LOG.log(expected || said ? Level.DEBUG : Level.WARNING, "{0}: {1}", status.worker(), trouble);
    if (!expected) {
      lastTrouble = trouble;
    }
  }

  private boolean receive(Workload.Held held, SyncResponse response) {
    if (lastTrouble != null) {
      LOG.log(Level.INFO, "{0}: the controller answers again", status.worker());
      lastTrouble = null;
    }
    if (response.epoch() < epoch) {
      // A deposed controller does not know what its successor has assigned: it is not believed.
      LOG.log(
          Level.WARNING,
          "{0}: an answer of reign {1} is ignored, reign {2} has spoken since",
          status.worker(),
          response.epoch(),
          epoch);
      return true;
    }
    epoch = response.epoch();
    outbox.acknowledge(response.acknowledged());
    heartbeatMillis = response.heartbeatMillis();
    workload.follow(held, response);
    workload.stopIfDrained(outbox::isEmpty);
    return true;
  }

  /** Nobody waits for the present answer any more. */
  void giveUp() {
    inFlight.cancel(true);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = root(failure);
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return root;
  }
}
