package dev.ballast.operator;

import dev.ballast.balancer.Outlook;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.operator.job.JobReconciler;
import dev.ballast.operator.pool.PoolReconciler;
import dev.ballast.operator.pool.Queues;
import dev.ballast.operator.pool.Workers;
import dev.ballast.operator.report.EventRecorder;
import dev.ballast.operator.report.LeanStore;
import dev.ballast.operator.report.Recollection;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.validation.JobTranslator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * The operator over one dispatch: its reconcilers run from the moment it is made until it is
 * closed. It writes as one field manager, and under one reign.
 */
public final class ClusterOperator implements AutoCloseable {
  private static final String FIELD_MANAGER = "ballast";

  /** Thousands at a time would keep the API server from answering anyone, the lease among them. */
  private static final int RECONCILIATIONS_AT_A_TIME = 32;

  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final Operator operator;
  private final EventRecorder events;
  private final News news;
  private final JobReconciler jobs;
  private final CompletableFuture<String> failed;

  private ClusterOperator(
      Operator operator,
      EventRecorder events,
      News news,
      JobReconciler jobs,
      CompletableFuture<String> failed) {
    this.operator = operator;
    this.jobs = jobs;
    this.events = events;
    this.news = news;
    this.failed = failed;
  }

  /**
   * Returns when the caches are filled. Throws what the client throws when the API server cannot be
   * reached or refuses.
   *
   * @param outlook what the forecast says of each pool; told here what each pool asks for
   * @param epoch the reign, as dispatch and the leader's lease have it
   */
  public static ClusterOperator start(
      KubernetesClient client,
      DispatchLoop dispatch,
      Outlook outlook,
      JobTranslator translator,
      long epoch,
      OperatorSettings settings) {
    InstantSource clock = InstantSource.system();
    EventRecorder events = new EventRecorder(client, settings.instance(), clock);
    Recollection recollection = new Recollection(clock.instant().plus(settings.lease()));
    JobReconciler jobs =
        new JobReconciler(dispatch, translator, epoch, recollection, events, clock);
    Workers workers = new Workers(dispatch::workers);
    Queues queues = new Queues(dispatch::queued);
    PoolReconciler pools =
        new PoolReconciler(
            dispatch,
            workers,
            queues,
            outlook,
            settings.workers(),
            epoch,
            recollection,
            events,
            clock);
    CompletableFuture<String> failed = new CompletableFuture<>();
    Operator operator =
        new Operator(overrider ->
            overrider
                // Without a handler it would end the process on the spot.
                .withInformerStoppedHandler((_, e) -> {
                  if (e != null) {
                    failed.complete("a watch has ended for good: " + e.getMessage());
                  }
                })
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withExecutorService(
                    Executors.newFixedThreadPool(
                        RECONCILIATIONS_AT_A_TIME, Thread.ofVirtual().factory()))
                .withUseSSAToPatchPrimaryResource(true)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(5)));
    operator.register(jobs, configuration -> configure(configuration, "testjobs", settings));
    operator.register(pools, configuration -> configure(configuration, "browserpools", settings));
    operator.start();
    jobs.cancelOrphans(settings::watches);
    return new ClusterOperator(
        operator,
        events,
        new News(dispatch, workers, queues, outlook, jobs, pools, settings.interval()),
        jobs,
        failed);
  }

  private static <T extends HasMetadata> ControllerConfigurationOverrider<T> configure(
      ControllerConfigurationOverrider<T> configuration, String name, OperatorSettings settings) {
    configuration
        .withName(name)
        .withFieldManager(FIELD_MANAGER)
        .withItemStore(new LeanStore<T>())
        // Without finalizers a deletion is told by its event alone.
        .withTriggerReconcilerOnAllEvents(true)
        .withReconciliationMaxInterval(Duration.ofHours(10))
        .withRetry(
            new GenericRetry()
                .setInitialInterval(FIRST_RETRY.toMillis())
                .setIntervalMultiplier(2)
                .setMaxInterval(LONGEST_RETRY.toMillis())
                .withoutMaxAttempts());
    return settings.namespaces().isEmpty()
        ? configuration.watchingAllNamespaces()
        : configuration.settingNamespaces(settings.namespaces());
  }

  /** Completes with what happened when it can see no more; it must be closed then. */
  public CompletableFuture<String> failed() {
    return failed;
  }

  /** The TestJobs as they were last heard of. */
  public IndexerResourceCache<TestJob> testJobs() {
    return jobs.resources();
  }

  /** Ends what it does; what is in dispatch stays there. */
  @Override
  public void close() {
    news.close();
    operator.stop();
    events.close();
  }
}
