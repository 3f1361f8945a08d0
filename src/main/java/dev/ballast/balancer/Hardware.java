package dev.ballast.balancer;

import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import java.util.Optional;

/** What a backend computes on in a browser. Times of one never stand for another. */
public enum Hardware {
  GPU,
  /** A backend for graphics hardware, run by a rasteriser on the CPU. */
  SOFTWARE,
  CPU;

  /** WebAssembly runs on the CPU; every other backend on what the adapter is, if there is one. */
  public static Hardware of(Backend backend, Optional<Adapter> adapter) {
    if (backend.equals(Backend.WASM)) {
      return CPU;
    }
    return adapter.isPresent() && !adapter.get().software() ? GPU : SOFTWARE;
  }
}
