package dev.ballast.simulate.stealing;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models that a browser has loaded, least recently used first; those in use never leave. */
final class Shelf {
  private final double memoryMiB;
  private final Map<Integer, Loaded> loaded = new LinkedHashMap<>();

  private record Loaded(double sizeMiB, int users) {}

  Shelf(double memoryMiB) {
    this.memoryMiB = memoryMiB;
  }

  /** A task begins to use the model; whether it must be loaded first. */
  boolean use(int model, double sizeMiB) {
    Loaded before = loaded.remove(model);
    if (before == null) {
      makeRoom(sizeMiB);
    }
    loaded.put(model, new Loaded(sizeMiB, before == null ? 1 : before.users() + 1));
    return before == null;
  }

  void release(int model) {
    loaded.computeIfPresent(model, (_, before) -> new Loaded(before.sizeMiB(), before.users() - 1));
  }

  List<Integer> models() {
    return List.copyOf(loaded.keySet());
  }

  private void makeRoom(double sizeMiB) {
    double held = loaded.values().stream().mapToDouble(Loaded::sizeMiB).sum();
    for (Iterator<Loaded> oldest = loaded.values().iterator();
        oldest.hasNext() && held + sizeMiB > memoryMiB; ) {
      Loaded next = oldest.next();
      if (next.users() == 0) {
        held -= next.sizeMiB();
        oldest.remove();
      }
    }
  }
}
