package dev.ballast.worker;

import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import java.util.concurrent.CompletableFuture;

/** The controller as a worker sees it: one exchange, both ways. */
public interface Controller {
  /**
   * Exchanges; the future fails with an {@link java.io.IOException} when the controller could not
   * be reached or refused.
   */
  CompletableFuture<SyncResponse> sync(SyncRequest request);
}
