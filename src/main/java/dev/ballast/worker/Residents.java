package dev.ballast.worker;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.TestModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The models that one window holds loaded, least recently used first, within a budget of memory.
 */
final class Residents {
  private record Loaded(String key, long bytes) {}

  private final long budgetBytes;
  private final Map<String, Loaded> loaded = new LinkedHashMap<>();

  Residents(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /**
   * Page keys to release so that a model of {@code bytes} fits; forgets them. A model larger than
   * the budget empties the window.
   */
  synchronized List<String> evictFor(TestModel model, Backend backend, long bytes) {
    String name = BrowserMetrics.resident(model.name(), backend);
    List<String> victims = new ArrayList<>();
    if (loaded.containsKey(name)) {
      return victims;
    }
    long held = loaded.values().stream().mapToLong(Loaded::bytes).sum();
    var oldest = loaded.values().iterator();
    while (oldest.hasNext() && held + bytes > budgetBytes) {
      Loaded victim = oldest.next();
      oldest.remove();
      held -= victim.bytes();
      victims.add(victim.key());
    }
    return victims;
  }

  /** A model was used: it is the last to be evicted now. {@code key} is its name in the page. */
  synchronized void used(TestModel model, Backend backend, String key, long bytes) {
    String name = BrowserMetrics.resident(model.name(), backend);
    loaded.remove(name);
    loaded.put(name, new Loaded(key, bytes));
  }

  synchronized void forget(TestModel model, Backend backend) {
    loaded.remove(BrowserMetrics.resident(model.name(), backend));
  }

  synchronized void clear() {
    loaded.clear();
  }

  /** As {@link BrowserMetrics#residentModels}. */
  synchronized List<String> names() {
    return List.copyOf(loaded.keySet());
  }
}
