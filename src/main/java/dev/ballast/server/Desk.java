package dev.ballast.server;

import dev.ballast.balancer.PlacementPolicy;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.store.History;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What stands behind the HTTP face: the command that wires a controller opens it, and until then
 * the service is not ready.
 */
@ApplicationScoped
public class Desk {
  private final AtomicReference<Open> open = new AtomicReference<>();

  /** The running controller. */
  public record Open(
      DispatchLoop dispatch,
      PlacementPolicy policy,
      Profiles profiles,
      History history,
      EventFeed events,
      EvidenceFolder evidence,
      JobReader jobs) {}

  public void open(Open controller) {
    open.set(controller);
  }

  public void close() {
    open.set(null);
  }

  public boolean isOpen() {
    return open.get() != null;
  }

  Open now() {
    Open now = open.get();
    if (now == null) {
      throw new NotReadyException("no controller runs in this process yet");
    }
    return now;
  }

  /** Answered with 503. */
  static final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotReadyException(String message) {
      super(message);
    }
  }
}
