package dev.ballast.dispatch;

import dev.ballast.balancer.schedule.StealRule;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Hands short tasks to browsers that have no slot free for them yet, but a place before one: first
 * where a slot comes free first. Behind a task that runs longer than what is handed out nothing is
 * gained: a place elsewhere may come before.
 */
final class Prefetch {
  /** What one exchange with a worker takes under load, its commit included. */
  private static final double EXCHANGE_SECONDS = 0.02;

  private final Deck deck;
  private final double belowSeconds;

  /** {@code belowSeconds}: longer tasks are not handed out ahead. */
  Prefetch(Deck deck, double belowSeconds) {
    this.deck = deck;
    this.belowSeconds = belowSeconds;
  }

  void bind(int places) {
    if (places == 0 || !shortTaskWaits()) {
      return;
    }
    PriorityQueue<Place> open = openPlaces();
    for (Place next = open.poll(); next != null && deck.board.waiting() > 0; next = open.poll()) {
      bind(next.browser(), places, belowSeconds);
      // All slots may end within the exchange that would tell of the first.
      bind(next.browser(), places * deck.board.slots(next.browser()), EXCHANGE_SECONDS);
    }
  }

  /** Browsers whose slots are taken, the one where the first comes free before the others. */
  private PriorityQueue<Place> openPlaces() {
    List<Place> open = new ArrayList<>();
    for (int b = 0; b < deck.board.browsers(); b++) {
      if (deck.board.freeSlots(b) == 0 && deck.berths.of(b).phantoms.isEmpty()) {
        double left = left(b);
        if (left < belowSeconds) {
          open.add(new Place(b, left));
        }
      }
    }
    return new PriorityQueue<>(open);
  }

  /** Until the first of the browser's slots is expected to come free, in seconds. */
  private double left(int browser) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < deck.board.running(browser); i++) {
      double end = deck.board.expectedEndSeconds(deck.board.runningTask(browser, i));
      least = Math.min(least, StealRule.left(deck.board.nowSeconds(), end));
    }
    return least;
  }

  private record Place(int browser, double leftSeconds) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int compared = Double.compare(leftSeconds, other.leftSeconds);
      return compared != 0 ? compared : Integer.compare(browser, other.browser);
    }
  }

  private void bind(int browser, int places, double below) {
    int before = -1;
    while (deck.board.bound(browser) < places && deck.board.bound(browser) != before) {
      before = deck.board.bound(browser);
      deck.rule().bindAhead(browser, below);
    }
  }

  private boolean shortTaskWaits() {
    for (int g = 0; g < deck.board.groups(); g++) {
      if (deck.board.startable(g)) {
        for (int c = 0; c < deck.board.pools(); c++) {
          if (deck.times.serviceSeconds(g, c) < belowSeconds) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
