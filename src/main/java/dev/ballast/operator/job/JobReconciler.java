package dev.ballast.operator.job;

import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.Event;
import dev.ballast.operator.report.EventRecorder;
import dev.ballast.operator.report.Recollection;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobStatus;
import dev.ballast.operator.validation.JobTranslator;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Accepts each TestJob into dispatch once, and writes its state back when it has changed. There is
 * no finalizer: a job whose resource is gone is cancelled when that is heard of, or when the
 * controller starts again, and a controller that is dead blocks nobody's namespace.
 */
public final class JobReconciler implements Reconciler<TestJob> {
  private static final Logger LOG = System.getLogger(JobReconciler.class.getName());

  private static final Duration AFTER_WRITE = Duration.ofSeconds(1);

  private final Jobs jobs;
  private final long epoch;
  private final Recollection recollection;
  private final Chronicle chronicle;
  private final JobEvents events;
  private final SmallJobs small = new SmallJobs();
  private final TimeToLive timeToLive;
  private final InstantSource clock;
  private final SimpleInboundEventSource<TestJob> news = new SimpleInboundEventSource<>("jobs");
  private @Nullable IndexerResourceCache<TestJob> cache;

  /** {@code epoch}: the reign under which statuses are written. */
  public JobReconciler(
      DispatchLoop dispatch,
      JobTranslator translator,
      long epoch,
      Recollection recollection,
      EventRecorder events,
      InstantSource clock) {
    this.jobs = new Jobs(dispatch, translator);
    this.epoch = epoch;
    this.recollection = recollection;
    this.chronicle = new Chronicle(dispatch);
    this.events = new JobEvents(events, chronicle);
    this.timeToLive = new TimeToLive(clock);
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, TestJob>> prepareEventSources(EventSourceContext<TestJob> context) {
    cache = context.getPrimaryCache();
    return List.of(news);
  }

  /** It is tried again, later each time; without this nobody would read why. */
  @Override
  public ErrorStatusUpdateControl<TestJob> updateErrorStatus(
      TestJob job, Context<TestJob> context, Exception e) {
    LOG.log(
        Level.WARNING,
        "job {0}/{1}: {2}",
        job.getMetadata().getNamespace(),
        job.getMetadata().getName(),
        e.toString());
    return ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  @Override
  public UpdateControl<TestJob> reconcile(TestJob job, Context<TestJob> context) {
    if (context.isPrimaryResourceDeleted() || job.isMarkedForDeletion()) {
      jobs.cancel(job.getMetadata().getUid());
      events.forget(job.getMetadata().getUid());
      small.forget(job.getMetadata().getUid());
      return UpdateControl.noUpdate();
    }
    if (JobStatuses.ended(job.getStatus())) {
      return lookAgain(UpdateControl.noUpdate(), timeToLive.end(job, context.getClient()));
    }
    Instant now = clock.instant();
    Jobs.Acceptance acceptance = jobs.accept(job);
    // A new reign alone is no news: what is not written needs no fence.
    TestJobStatus unchanged = status(job, acceptance, told(job), now);
    Optional<Duration> reminder = events.remind(job, unchanged, now);
    if (unchanged.equals(job.getStatus())) {
      return lookAgain(UpdateControl.noUpdate(), reminder);
    }
    TestJobStatus status = status(job, acceptance, epoch, now);
    Optional<Duration> later =
        small
            .holdBack(job, status, now)
            .or(() ->
                recollection.lasts(now) && JobStatuses.onlyPlacesDiffer(job.getStatus(), status)
                    ? Optional.of(recollection.left(now))
                    : Optional.empty());
    if (later.isPresent()) {
      return lookAgain(UpdateControl.noUpdate(), sooner(later, reminder));
    }
    small.told(job, status, now);
    events.tell(job, status, now);
    TestJob patch = new TestJob();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(job.getMetadata().getNamespace())
            .withName(job.getMetadata().getName())
            .build());
    patch.setStatus(status);
    // A change that meets the write of a status may bring no event: the write is taken for it.
    return JobStatuses.ended(status)
        ? lookAgain(UpdateControl.patchStatus(patch), timeToLive.left(job, status))
        : UpdateControl.patchStatus(patch).rescheduleAfter(AFTER_WRITE);
  }

  /** Notes what happens in dispatch, on its own thread. */
  public void note(Event event) {
    chronicle.hear(event);
  }

  private static TestJobStatus status(
      TestJob job, Jobs.Acceptance acceptance, long reign, Instant now) {
    return switch (acceptance) {
      case Jobs.Acceptance.Accepted accepted ->
          JobStatuses.of(job, accepted.progress(), reign, now);
      case Jobs.Acceptance.Refused refused ->
          JobStatuses.refused(job, refused.message(), reign, now);
    };
  }

  /** The reign that wrote what is there. */
  private long told(TestJob job) {
    TestJobStatus before = job.getStatus();
    return before == null || before.epoch() == null ? epoch : before.epoch();
  }

  /** There is something to say about a job of that name. */
  public void hear(String namespace, String name) {
    news.propagateEvent(new ResourceID(name, namespace));
  }

  /** The TestJobs as they were last heard of; throws where it was not started. */
  public IndexerResourceCache<TestJob> resources() {
    IndexerResourceCache<TestJob> resources = cache;
    if (resources == null) {
      throw new IllegalStateException("not started");
    }
    return resources;
  }

  /**
   * Cancels jobs whose resources were deleted while no controller ran.
   *
   * @param watched namespaces; of others it is not known what is there
   */
  public void cancelOrphans(Predicate<String> watched) {
    Set<String> uids =
        resources().list().map(job -> job.getMetadata().getUid()).collect(Collectors.toSet());
    jobs.cancelAllBut(uids, watched);
  }

  private static Optional<Duration> sooner(Optional<Duration> one, Optional<Duration> other) {
    return Stream.concat(one.stream(), other.stream()).min(Duration::compareTo);
  }

  private static UpdateControl<TestJob> lookAgain(
      UpdateControl<TestJob> control, Optional<Duration> in) {
    return in.isEmpty()
        ? control
        : control.rescheduleAfter(in.get().isPositive() ? in.get() : Duration.ofMillis(1));
  }
}
