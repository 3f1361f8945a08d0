package dev.ballast.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;

/** What the loop is asked to do, in the order of arrival. */
final class Inbox {
  private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();

  /** One thing to do, with the future of whoever waits for it. */
  sealed interface Item {
    CompletableFuture<?> reply();

    /** Do a command; the future gets its reply. */
    record Do(LongFunction<Command> command, CompletableFuture<Reply> reply) implements Item {}

    /** Look at the state; what is found is handed out by running what comes back. */
    record Look(Function<Dispatch, Runnable> look, CompletableFuture<?> reply) implements Item {}

    /** Only wake up; nobody waits. */
    record Wake(CompletableFuture<?> reply) implements Item {}
  }

  void add(Item item) {
    queue.add(item);
  }

  void wake() {
    queue.add(new Item.Wake(new CompletableFuture<>()));
  }

  boolean remove(Item item) {
    return queue.remove(item);
  }

  /** What has arrived, once something has or the patience is over. */
  List<Item> take(long patienceNanos, int atMost) throws InterruptedException {
    List<Item> items = new ArrayList<>();
    Item first = queue.poll(patienceNanos, TimeUnit.NANOSECONDS);
    if (first != null) {
      items.add(first);
      queue.drainTo(items, atMost - 1);
    }
    return items;
  }

  List<Item> takeAll() {
    List<Item> items = new ArrayList<>();
    queue.drainTo(items);
    return items;
  }
}
