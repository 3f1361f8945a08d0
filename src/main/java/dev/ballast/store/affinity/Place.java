package dev.ballast.store.affinity;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import java.util.Comparator;

/** Where something ran: a browser kind with a backend. */
public record Place(BrowserKind kind, Backend backend) implements Comparable<Place> {
  @Override
  public int compareTo(Place other) {
    return Comparator.comparing(Place::kind).thenComparing(Place::backend).compare(this, other);
  }

  @Override
  public String toString() {
    return kind + "/" + backend;
  }
}
