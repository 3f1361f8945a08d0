package dev.ballast.dispatch;

/** Hands short tasks to browsers that have no slot free for them yet, but a place before one. */
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
    for (int b = 0; b < deck.board.browsers(); b++) {
      if (deck.board.freeSlots(b) == 0 && deck.berths.of(b).phantoms.isEmpty()) {
        bind(b, places, belowSeconds);
        // All slots may end within the exchange that would tell of the first.
        bind(b, places * deck.board.slots(b), EXCHANGE_SECONDS);
      }
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
