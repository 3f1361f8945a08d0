package dev.ballast.dispatch;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Those who wait for a reply. They are told on threads of their own, so that what they do next does
 * not hold up the loop.
 */
final class Callers implements AutoCloseable {
  private final ExecutorService tellers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Long, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
  private long tickets;

  /** A fresh ticket, by which the reply is told to that future. */
  long ticket(CompletableFuture<Reply> reply) {
    long ticket = ++tickets;
    waiting.put(ticket, reply);
    return ticket;
  }

  void tell(Reply reply) {
    CompletableFuture<Reply> future = waiting.remove(reply.ticket());
    if (future == null) {
      return;
    }
    if (reply instanceof Reply.Refused(_, DispatchException.Code code, String message)) {
      refuse(future, new DispatchException(code, message));
    } else {
      tellers.execute(() -> future.complete(reply));
    }
  }

  void refuseAll(DispatchException refusal) {
    List<CompletableFuture<Reply>> all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(future -> refuse(future, refusal));
  }

  void refuse(CompletableFuture<?> future, DispatchException refusal) {
    tellers.execute(() -> future.completeExceptionally(refusal));
  }

  @Override
  public void close() {
    tellers.close();
  }
}
