package dev.ballast.server.jobs.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Striped;
import dev.ballast.dispatch.Command.JobChange;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.JobProgress;
import dev.ballast.dispatch.JobView;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.server.jobs.IdempotencyKey;
import dev.ballast.server.jobs.JobBook;
import dev.ballast.server.jobs.JobDocument;
import dev.ballast.server.jobs.JobReader;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The TestJobs of the cluster, which are the only jobs there: what is submitted here becomes one,
 * and what somebody does with kubectl is seen here. They are written by the hand of whoever asks. A
 * write is answered once this controller has heard of it, so that whatever is asked next knows it.
 */
public final class ClusterJobs implements JobBook, AutoCloseable {
  /** On a TestJob: the idempotency key and the body that it was submitted with, hashed. */
  static final String SUBMISSION = "ballast.dev/submission";

  /** A controller hears of a write within milliseconds; then the answer goes out without it. */
  private static final Duration HEARING = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofMillis(2);

  private final CallersHand hand;
  private final IndexerResourceCache<TestJob> resources;
  private final DispatchLoop dispatch;
  private final Striped<Lock> submissions = Striped.lock(64);

  /** {@code own}: the controller's client, of which only the address is used. */
  public ClusterJobs(
      KubernetesClient own, IndexerResourceCache<TestJob> resources, DispatchLoop dispatch) {
    this.hand = new CallersHand(own);
    this.resources = resources;
    this.dispatch = dispatch;
  }

  @Override
  public List<JobDocument> jobs() {
    Map<String, JobView> views =
        dispatch.jobs().stream().collect(Collectors.toMap(JobView::uid, Function.identity()));
    return resources
        .list()
        .map(job ->
            ResourceDocument.of(job, Optional.ofNullable(views.get(job.getMetadata().getUid()))))
        .toList();
  }

  /** A name names the resource; a uid also what ran, as long as dispatch keeps it. */
  @Override
  public Optional<JobDocument> find(String namespace, String nameOrUid) {
    return resource(namespace, nameOrUid)
        .map(this::document)
        .or(() ->
            dispatch
                .progress(nameOrUid)
                .map(JobProgress::overview)
                .filter(job -> job.spec().namespace().equals(namespace))
                .map(JobDocument::of));
  }

  private Optional<TestJob> resource(String namespace, String nameOrUid) {
    return resources
        .get(new ResourceID(nameOrUid, namespace))
        .or(() ->
            resources
                .list(namespace, job -> nameOrUid.equals(job.getMetadata().getUid()))
                .findFirst());
  }

  private JobDocument document(TestJob job) {
    return ResourceDocument.of(
        job, dispatch.progress(job.getMetadata().getUid()).map(JobProgress::overview));
  }

  @Override
  public Uni<JobDocument> submit(Submission submission) {
    return later(() -> {
      JobReader.Manifest manifest = submission.manifest();
      String namespace = manifest.spec().namespace();
      Lock one =
          submissions.get(
              submission
                  .key()
                  .map(Object::toString)
                  .orElse(namespace + "/" + manifest.spec().name()));
      one.lock();
      try {
        return submission
            .key()
            .flatMap(key -> repeated(key, namespace, submission.body()))
            .orElseGet(() -> document(created(submission)));
      } finally {
        one.unlock();
      }
    });
  }

  private Optional<JobDocument> repeated(IdempotencyKey key, String namespace, String body) {
    Optional<TestJob> made =
        resources.list(namespace, job -> key.made(submissionOf(job))).findFirst();
    made.filter(job -> !submissionOf(job).equals(key.uid(body).toString()))
        .ifPresent(other -> {
          throw new KeyReusedException(
              key, other.getMetadata().getName(), other.getMetadata().getUid());
        });
    return made.map(this::document);
  }

  private static String submissionOf(TestJob job) {
    Map<String, String> notes = job.getMetadata().getAnnotations();
    return notes == null ? "" : notes.getOrDefault(SUBMISSION, "");
  }

  private TestJob created(Submission submission) {
    String token = token(submission.token());
    TestJob wanted = wanted(submission);
    ObjectMeta id = wanted.getMetadata();
    // As it is locally: a finished name that is run again is a new run.
    resources
        .get(new ResourceID(id.getName(), id.getNamespace()))
        .ifPresent(there -> {
          if (!ended(there)) {
            throw new DispatchException(
                DispatchException.Code.JOB_UNFINISHED,
                "job \"%s\" of namespace \"%s\" is not finished"
                    .formatted(id.getName(), id.getNamespace()));
          }
          hand.delete(token, id.getNamespace(), id.getName(), there.getMetadata().getUid());
        });
    TestJob made = hand.create(token, wanted);
    String uid = made.getMetadata().getUid();
    await(() -> dispatch.progress(uid).isPresent() && isThere(made));
    return made;
  }

  private static TestJob wanted(Submission submission) {
    ObjectMeta given = submission.manifest().resource().getMetadata();
    Map<String, String> notes = new HashMap<>();
    Optional.ofNullable(given.getAnnotations()).ifPresent(notes::putAll);
    notes.remove(SUBMISSION);
    submission.key().ifPresent(key -> notes.put(SUBMISSION, key.uid(submission.body()).toString()));
    TestJob wanted = new TestJob();
    wanted.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(submission.manifest().spec().namespace())
            .withName(given.getName())
            .withLabels(given.getLabels())
            .withAnnotations(notes)
            .withOwnerReferences(given.getOwnerReferences())
            .build());
    wanted.setSpec(submission.manifest().resource().getSpec());
    return wanted;
  }

  @Override
  public Uni<JobDocument> change(JobDocument job, JobChange change, Optional<String> token) {
    return later(() -> {
      TestJob there = unfinished(job);
      ObjectNode spec = JsonNodeFactory.instance.objectNode();
      change.suspend().ifPresent(suspend -> spec.put("suspend", suspend));
      change.parallelism().ifPresent(parallelism -> spec.put("parallelism", parallelism));
      change.priority().ifPresent(priority -> spec.put("priority", priority));
      ObjectNode patch = JsonNodeFactory.instance.objectNode().set("spec", spec);
      // Another uid is refused: the job that was looked at is the one that changes.
      patch.putObject("metadata").put("uid", job.uid());
      TestJob changed =
          hand.patch(
              token(token), job.namespace(), there.getMetadata().getName(), patch.toString());
      long generation = changed.getMetadata().getGeneration();
      await(() ->
          dispatch.progress(job.uid()).filter(now -> follows(now, change)).isPresent()
              && resource(job.namespace(), job.name())
                  .filter(now -> now.getMetadata().getGeneration() < generation)
                  .isEmpty());
      return document(changed);
    });
  }

  private static boolean follows(JobProgress now, JobChange change) {
    var spec = now.overview().spec();
    return now.overview().state().ended()
        || (change.suspend().filter(wanted -> wanted != spec.suspend()).isEmpty()
            && change.priority().filter(wanted -> wanted != spec.priority()).isEmpty()
            && change
                .parallelism()
                .filter(wanted -> wanted != spec.parallelism().orElse(-1))
                .isEmpty());
  }

  /** Deletes the resource; an unfinished job is cancelled by that. */
  @Override
  public Uni<JobDocument> cancel(JobDocument job, Optional<String> token) {
    return later(() -> {
      TestJob there = resource(job.namespace(), job.uid()).orElseThrow(() -> gone(job));
      hand.delete(token(token), job.namespace(), there.getMetadata().getName(), job.uid());
      await(() ->
          !isThere(there)
              && dispatch
                  .progress(job.uid())
                  .filter(now -> !now.overview().state().ended())
                  .isEmpty());
      return dispatch
          .progress(job.uid())
          .map(JobProgress::overview)
          .map(view -> ResourceDocument.of(there, Optional.of(view)))
          .orElse(job);
    });
  }

  private TestJob unfinished(JobDocument job) {
    return resource(job.namespace(), job.uid())
        .filter(there -> !ended(there))
        .orElseThrow(() -> gone(job));
  }

  private boolean ended(TestJob job) {
    return document(job).endedAt() != null;
  }

  private static DispatchException gone(JobDocument job) {
    return new DispatchException(
        DispatchException.Code.JOB_ENDED, "job \"%s\" has ended".formatted(job.name()));
  }

  private boolean isThere(TestJob job) {
    return resource(job.getMetadata().getNamespace(), job.getMetadata().getUid()).isPresent();
  }

  private static void await(BooleanSupplier heard) {
    long until = System.nanoTime() + HEARING.toNanos();
    while (!heard.getAsBoolean() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private static String token(Optional<String> token) {
    return token.orElseThrow(() ->
        new ClusterRefusalException(
            Response.Status.UNAUTHORIZED, "no-token", "show a token of the cluster", null));
  }

  private static Uni<JobDocument> later(Supplier<JobDocument> work) {
    return Uni.createFrom().item(work);
  }

  @Override
  public void close() {
    hand.close();
  }
}
