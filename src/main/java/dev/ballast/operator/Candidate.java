package dev.ballast.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Who stands for election: one start of a process, so that a restart is another reign.
 *
 * @param pod name and uid of the pod that the process runs in; empty, if it runs in none
 * @param life which start of it this is
 */
public record Candidate(Optional<String> pod, String life) {
  private static final Logger LOG = System.getLogger(Candidate.class.getName());

  /** A start of a process outside of pods. */
  public static Candidate of(String host) {
    return new Candidate(Optional.empty(), host + "-" + random());
  }

  /** A start of the controller's container in that pod. */
  public static Candidate in(String podName, String podUid) {
    return new Candidate(Optional.of(podName + "/" + podUid), random());
  }

  /** As the lease names its holder. */
  String identity() {
    return pod.map(name -> name + "/" + life).orElse(life);
  }

  /**
   * A container starts again in its pod only when it has ended, so a lease of that very pod has no
   * holder any more: whoever starts again there need not wait until it has run out.
   */
  void giveBackOfFormerLife(KubernetesClient client, Lock lock) {
    if (pod.isEmpty()) {
      return;
    }
    LeaderElectionRecord held = lock.get(client);
    if (held == null
        || held.getHolderIdentity() == null
        || !held.getHolderIdentity().startsWith(pod.get() + "/")) {
      return;
    }
    try {
      lock.update(
          client, held.toBuilder().holderIdentity("").leaseDuration(Duration.ofSeconds(1)).build());
    } catch (KubernetesClientException e) {
      // Then it runs out, as that of another pod would.
      LOG.log(
          Level.WARNING,
          "the lease of {0} could not be given back: {1}",
          held.getHolderIdentity(),
          e.getMessage());
    }
  }

  private static String random() {
    return UUID.randomUUID().toString().substring(0, 8);
  }
}
