package dev.ballast.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;

/**
 * A lease's lock that knows how long it is ours by this machine's own monotonic clock, which goes
 * on while the process is stopped. Counted from before a renewal is sent, so that others always
 * think the term longer than its holder does.
 */
final class Term implements Lock {
  private final Lock lock;
  private final Duration length;
  private volatile boolean held;
  private volatile long renewedAtNanos;

  /** {@code length}: how long others leave a lease alone that is not renewed. */
  Term(Lock lock, Duration length) {
    this.lock = lock;
    this.length = length;
  }

  /** Whether nobody else can lead now. */
  boolean runs() {
    return held && System.nanoTime() - renewedAtNanos < length.toNanos();
  }

  @Override
  public LeaderElectionRecord get(KubernetesClient client) {
    return lock.get(client);
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord record) {
    long before = System.nanoTime();
    lock.create(client, record);
    note(record, before);
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord record) {
    long before = System.nanoTime();
    lock.update(client, record);
    note(record, before);
  }

  private void note(LeaderElectionRecord record, long before) {
    renewedAtNanos = before;
    held = identity().equals(record.getHolderIdentity());
  }

  @Override
  public String identity() {
    return lock.identity();
  }

  @Override
  public String describe() {
    return lock.describe();
  }
}
