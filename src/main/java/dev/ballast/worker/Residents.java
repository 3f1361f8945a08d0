package dev.ballast.worker;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.TestModel;
import java.util.ArrayList;
import java.util.Collection;
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
   * Page keys to release so that a model of {@code bytes} fits. They count until the page says that
   * they are gone. A model larger than the budget empties the window.
   */
  synchronized List<String> evictFor(TestModel model, Backend backend, long bytes) {
    List<String> victims = new ArrayList<>();
    if (loaded.containsKey(BrowserMetrics.resident(model.name(), backend))) {
      return victims;
    }
    long held = loaded.values().stream().mapToLong(Loaded::bytes).sum();
    for (Loaded oldest : loaded.values()) {
      if (held + bytes <= budgetBytes) {
        break;
      }
      held -= oldest.bytes();
      victims.add(oldest.key());
    }
    return victims;
  }

  /** A model was used: it is the last to be evicted now. {@code key} is its name in the page. */
  synchronized void used(TestModel model, Backend backend, String key, long bytes) {
    String name = BrowserMetrics.resident(model.name(), backend);
    loaded.remove(name);
    loaded.put(name, new Loaded(key, bytes));
  }

  /**
   * The page named all that is loaded in it. What it no longer has is forgotten; what was not
   * counted yet is the model that was just tried.
   */
  synchronized void reconcile(
      Collection<String> keys, TestModel tried, Backend backend, String triedKey, long bytes) {
    loaded.values().removeIf(model -> !keys.contains(model.key()));
    String name = BrowserMetrics.resident(tried.name(), backend);
    if (keys.contains(triedKey) && !loaded.containsKey(name)) {
      loaded.put(name, new Loaded(triedKey, bytes));
    }
  }

  synchronized void clear() {
    loaded.clear();
  }

  /** As {@link BrowserMetrics#residentModels}. */
  synchronized List<String> names() {
    return List.copyOf(loaded.keySet());
  }
}
