package dev.ballast.dispatch;

import dev.ballast.model.SyncResponse;

/** An answer to a {@link Command}; may be told only when the events of its step are durable. */
public sealed interface Reply {
  long ticket();

  /** The job of a submission or resumption. */
  record Job(long ticket, String uid) implements Reply {}

  record Synced(long ticket, SyncResponse response) implements Reply {}

  record Done(long ticket) implements Reply {}

  record Refused(long ticket, DispatchException.Code code, String message) implements Reply {}
}
