package dev.ballast.server.door.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/**
 * Puts a review to the API server: who somebody is, and what they may. Callers wait for it, so it
 * must answer soon; one that is away is not asked for every caller anew. The client itself asks
 * again where an answer is worth it (429 and 5xx).
 */
@ApplicationScoped
@Unremovable
public class Reviews {
  private static final int TOO_MANY_REQUESTS = 429;

  /** The API server cannot be reached, or says that it cannot answer now. */
  public static class AwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AwayException(KubernetesClientException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * The review with its status.
   *
   * @throws AwayException when there was no answer
   * @throws KubernetesClientException when the answer was no: asking again is no use, and says
   *     nothing about the API server
   */
  @Timeout(value = 3, unit = ChronoUnit.SECONDS)
  @CircuitBreaker(
      requestVolumeThreshold = 10,
      failureRatio = 0.5,
      delay = 2,
      delayUnit = ChronoUnit.SECONDS,
      failOn = {AwayException.class, TimeoutException.class})
  public <T extends HasMetadata> T ask(KubernetesClient client, T review) {
    try {
      return client.resource(review).create();
    } catch (KubernetesClientException e) {
      boolean refused = e.getCode() >= 400 && e.getCode() < 500 && e.getCode() != TOO_MANY_REQUESTS;
      throw refused ? e : new AwayException(e);
    }
  }
}
