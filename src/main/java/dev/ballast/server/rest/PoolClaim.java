package dev.ballast.server.rest;

import dev.ballast.model.SyncRequest;
import dev.ballast.operator.resource.Labels;
import dev.ballast.server.door.JoinTokens;
import jakarta.ws.rs.ForbiddenException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a worker says of the pool that it joins, as far as it is believed: its name is what its
 * token was for, {@code ANY@NAMESPACE/POOL} from outside, {@code POD.NAMESPACE} in the cluster.
 * Jobs run in pools of their namespace only, so that it must not be the worker's to say which that
 * is.
 */
final class PoolClaim {
  private PoolClaim() {}

  /** The request with the labels of its pool; throws when the worker may not join that one. */
  static SyncRequest judge(SyncRequest request) {
    String worker = request.worker().name();
    String pool = request.pool();
    int slash = pool.indexOf('/');
    if (JoinTokens.poolOf(worker).isPresent()) {
      if (!JoinTokens.poolOf(worker).get().equals(pool)) {
        throw refused(worker, pool);
      }
      return slash < 0 ? request : fromOutside(request, slash);
    }
    String claimed = request.poolLabels().get(Labels.NAMESPACE);
    if (claimed != null && !(worker.endsWith("." + claimed) && pool.startsWith(claimed + "/"))) {
      throw refused(worker, pool);
    }
    return request;
  }

  private static SyncRequest fromOutside(SyncRequest request, int slash) {
    Map<String, String> labels = new HashMap<>(request.poolLabels());
    labels.remove(Labels.IN_CLUSTER);
    labels.put(Labels.NAMESPACE, request.pool().substring(0, slash));
    labels.put(Labels.POOL, request.pool().substring(slash + 1));
    return request.withPoolLabels(labels);
  }

  private static ForbiddenException refused(String worker, String pool) {
    return new ForbiddenException("worker \"%s\" may not join pool \"%s\"".formatted(worker, pool));
  }
}
