package dev.ballast.balancer;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a task waits, with the numbers behind it. */
public sealed interface WaitReason {
  /** The stable word for it, for example {@code NoBackend}. */
  default String code() {
    return getClass().getSimpleName();
  }

  /** A sentence for a user. */
  String message();

  /** No browser of the fleet can ever run it as it is: only another browser ends this wait. */
  default boolean unplaceable() {
    return switch (this) {
      case NoPool _, NoBrowser _, NoBackend _, MemoryTooSmall _, NoHardware _ -> true;
      case AllBreakersOpen _, Parallelism _, QueuedBehind _, Suspended _, Backoff _ -> false;
    };
  }

  /**
   * No browser's pool carries the labels asked for; {@code browsers}: how many there are at all.
   */
  record NoPool(Map<String, String> selector, int browsers) implements WaitReason {
    public NoPool {
      selector = Map.copyOf(selector);
    }

    @Override
    public String message() {
      return browsers == 0
          ? "no browser is connected"
          : "none of the %d browsers is of a pool with the labels %s".formatted(browsers, selector);
    }
  }

  /** The kind asked for is not there. */
  record NoBrowser(BrowserKind kind, List<BrowserKind> present) implements WaitReason {
    public NoBrowser {
      present = List.copyOf(present);
    }

    @Override
    public String message() {
      return "no %s is connected, only %s".formatted(kind, present);
    }
  }

  /** No allowed browser computes on the backend asked for, or on any. */
  record NoBackend(Optional<Backend> backend, List<Backend> present) implements WaitReason {
    public NoBackend {
      present = List.copyOf(present);
    }

    @Override
    public String message() {
      return "%s was found in none of the allowed browsers; found there: %s"
          .formatted(backend.map(name -> "backend " + name).orElse("a backend"), present);
    }
  }

  record MemoryTooSmall(long requiredBytes, long largestBytes) implements WaitReason {
    @Override
    public String message() {
      return "needs %d MiB, the largest allowed browser has %d MiB"
          .formatted(requiredBytes >> 20, largestBytes >> 20);
    }
  }

  /** Hardware acceleration is required; {@code browsers} compute without it. */
  record NoHardware(int browsers) implements WaitReason {
    @Override
    public String message() {
      return "hardware acceleration is required, the %d allowed browsers compute on the CPU"
          .formatted(browsers);
    }
  }

  record AllBreakersOpen(int browsers) implements WaitReason {
    @Override
    public String message() {
      return "the circuit breakers of all %d allowed browsers are open".formatted(browsers);
    }
  }

  record Parallelism(int limit) implements WaitReason {
    @Override
    public String message() {
      return "the job runs its limit of %d tasks at a time".formatted(limit);
    }
  }

  /** Waits for a slot; {@code tasks} of the same kind are before it. */
  record QueuedBehind(int tasks) implements WaitReason {
    @Override
    public String message() {
      return "waits for a free slot, %d tasks like it are before it".formatted(tasks);
    }
  }

  record Suspended() implements WaitReason {
    @Override
    public String message() {
      return "the job is suspended";
    }
  }

  record Backoff(Instant until) implements WaitReason {
    @Override
    public String message() {
      return "failed before, is tried again at %s".formatted(until);
    }
  }
}
