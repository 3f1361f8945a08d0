package dev.ballast.server.desk;

import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.server.events.EventFeed;
import dev.ballast.server.jobs.JobBook;
import dev.ballast.server.jobs.JobReader;
import dev.ballast.server.outlook.Retrospect;
import dev.ballast.store.History;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What stands behind the HTTP face: the command that wires a controller opens it, and until then
 * the service is not ready.
 */
@ApplicationScoped
public class Desk {
  private final AtomicReference<Open> open = new AtomicReference<>();

  /**
   * The running controller.
   *
   * @param outlook what is expected of the pools
   * @param retrospect what was expected of them, and what came
   * @param data the data directory
   */
  public record Open(
      DispatchLoop dispatch,
      Profiles profiles,
      History history,
      EventFeed events,
      EvidenceFolder evidence,
      JobReader reader,
      JobBook jobs,
      Outlook outlook,
      Retrospect retrospect,
      Path data) {

    /** The same, with the jobs of another book. */
    public Open withJobs(JobBook book) {
      return new Open(
          dispatch, profiles, history, events, evidence, reader, book, outlook, retrospect, data);
    }
  }

  public void open(Open controller) {
    open.set(controller);
  }

  public void close() {
    open.set(null);
  }

  public boolean isOpen() {
    return open.get() != null;
  }

  /** The running controller, if there is one. */
  public Optional<Open> openNow() {
    return Optional.ofNullable(open.get());
  }

  public Open now() {
    Open now = open.get();
    if (now == null) {
      throw new NotReadyException("no controller runs in this process yet");
    }
    return now;
  }

  /** Answered with 503. */
  public static final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotReadyException(String message) {
      super(message);
    }
  }
}
