package dev.ballast.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The lease of the one controller that may act. Who takes it over counts its transitions up, so
 * their number is the reign: results and statuses of an older one are refused, whatever a deposed
 * leader still believes.
 */
public final class Leadership implements AutoCloseable {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration RENEW_WITHIN = Duration.ofSeconds(7);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final CompletableFuture<Void> won = new CompletableFuture<>();
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private final Term term;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<?> election;

  private Leadership(KubernetesClient client, String namespace, String name, Candidate candidate) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    LeaseLock lock = new LeaseLock(namespace, name, candidate.identity());
    candidate.giveBackOfFormerLife(client, lock);
    this.term = new Term(lock, LEASE);
    LeaderElectionConfig config =
        new LeaderElectionConfigBuilder()
            .withName(name)
            .withLock(term)
            .withLeaseDuration(LEASE)
            .withRenewDeadline(RENEW_WITHIN)
            .withRetryPeriod(RETRY)
            .withReleaseOnCancel(true)
            .withLeaderCallbacks(
                new LeaderCallbacks(
                    () -> won.complete(null), () -> lost.complete(null), leader -> {}))
            .build();
    this.election = new LeaderElector(client, config, executor).start();
  }

  /**
   * Stands for election, from now until closed. Throws what the client throws when the lease cannot
   * be read.
   */
  public static Leadership stand(
      KubernetesClient client, String namespace, String name, Candidate candidate) {
    return new Leadership(client, namespace, name, candidate);
  }

  /** Completes when this process leads. */
  public CompletableFuture<Void> won() {
    return won;
  }

  /** Completes when it leads no more: it must end. */
  public CompletableFuture<Void> lost() {
    return lost;
  }

  /** Whether nobody else can lead now; false before the election, and once the lease is over. */
  public boolean leads() {
    return term.runs();
  }

  /** The reign: greater than that of every earlier leader. To be asked after it was won. */
  public long epoch() {
    Integer transitions =
        client
            .leases()
            .inNamespace(namespace)
            .withName(name)
            .require()
            .getSpec()
            .getLeaseTransitions();
    return (transitions == null ? 0 : transitions) + 1L;
  }

  /** Gives the lease back, so that another can lead at once. */
  @Override
  public void close() {
    election.cancel(true);
    executor.close();
  }
}
