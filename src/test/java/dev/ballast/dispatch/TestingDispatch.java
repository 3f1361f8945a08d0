package dev.ballast.dispatch;

import dev.ballast.balancer.Observation;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.WaitReason;
import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;

/** A dispatch whose time moves when the test moves it, with its journal and its workers. */
@NullMarked
public final class TestingDispatch {
  private static final List<Backend> ALL = List.of(Backend.WASM, Backend.WEBGPU);

  public final TestingJournal journal = new TestingJournal();
  public final Profiles profiles = new Profiles(Priors.DEFAULTS);
  private final Map<String, TestingWorker> workers = new LinkedHashMap<>();
  private final Map<Long, Reply> replies = new HashMap<>();
  private final Map<Long, TestingWorker> parked = new HashMap<>();
  private DispatchSettings settings = DispatchSettings.DEFAULTS;
  private Dispatch dispatch;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long tickets;
  private int uids;

  public TestingDispatch() {
    dispatch = read();
  }

  public TestingDispatch settings(DispatchSettings changed) {
    settings = changed;
    dispatch = read();
    return this;
  }

  public Instant now() {
    return now;
  }

  public Dispatch dispatch() {
    return dispatch;
  }

  // ---------------------------------------------------------------- workers

  public TestingDispatch withWorker(String name, BrowserKind kind, int slots) {
    return withWorker(name, kind, slots, ALL);
  }

  public TestingDispatch withWorker(
      String name, BrowserKind kind, int slots, List<Backend> backends) {
    return withWorker(
        new TestingWorker(name, kind + "-pool", Map.of("a", "b"), kind, slots, backends, true));
  }

  public TestingDispatch withWorker(TestingWorker worker) {
    workers.put(worker.id.name(), worker);
    sync(worker.id.name());
    return this;
  }

  public TestingWorker worker(String name) {
    TestingWorker worker = workers.get(name);
    if (worker == null) {
      throw new IllegalArgumentException("no worker " + name);
    }
    return worker;
  }

  /** One exchange that is answered at once. */
  public SyncResponse sync(String name) {
    return deliver(name, worker(name).request(0));
  }

  /** Sends that very request, and takes the answer in. */
  public SyncResponse deliver(String name, SyncRequest request) {
    Reply reply = send(request);
    if (reply instanceof Reply.Synced(_, SyncResponse response)) {
      worker(name).take(response);
      return response;
    }
    throw new AssertionError("not answered: " + reply);
  }

  /** Sends that very request; the answer is not taken in. */
  public Reply send(SyncRequest request) {
    long ticket = ++tickets;
    handle(new Command.Sync(ticket, request));
    return reply(ticket);
  }

  /** Starts a long poll; its ticket. */
  public long park(String name, int waitMillis) {
    long ticket = ++tickets;
    parked.put(ticket, worker(name));
    handle(new Command.Sync(ticket, worker(name).request(waitMillis)));
    return ticket;
  }

  public Optional<Reply> answered(long ticket) {
    return Optional.ofNullable(replies.get(ticket));
  }

  /** Lets the worker take what it is given, start it, and say so. */
  public TestingDispatch start(String name) {
    sync(name);
    worker(name).startAll();
    sync(name);
    return this;
  }

  /** Ends the oldest attempt that runs there, and tells so. */
  public AttemptId finish(String name, Outcome outcome) {
    Assignment oldest = worker(name).running().getFirst();
    worker(name).finish(oldest.attempt(), outcome, now, 100);
    sync(name);
    return oldest.attempt();
  }

  /** Runs what comes, with success, until nothing comes any more. */
  public void runAll(String... names) {
    boolean more = true;
    while (more) {
      more = false;
      for (String name : names) {
        start(name);
        while (!worker(name).running().isEmpty()) {
          finish(name, Outcome.SUCCEEDED);
          more = true;
        }
      }
    }
  }

  // ---------------------------------------------------------------- jobs

  /** Accepts a job; its uid. */
  public String submit(Examples.Job job) {
    return submit(job.spec());
  }

  public String submit(JobSpec job) {
    long ticket = ++tickets;
    uids++;
    handle(new Command.SubmitJob(ticket, "job-" + uids, job));
    return switch (reply(ticket)) {
      case Reply.Job(_, String uid) -> uid;
      case Reply.Refused(_, DispatchException.Code code, String message) ->
          throw new DispatchException(code, message);
      case Reply other -> throw new AssertionError(other);
    };
  }

  public Reply command(java.util.function.LongFunction<Command> command) {
    long ticket = ++tickets;
    handle(command.apply(ticket));
    return reply(ticket);
  }

  public void cancel(String uid) {
    command(ticket -> new Command.CancelJob(ticket, uid, "by the test"));
  }

  public JobView job(String uid) {
    return dispatch.find(uid).orElseThrow();
  }

  public TaskState task(String uid, int index) {
    return job(uid).tasks().get(index).state();
  }

  public WaitReason reason(String uid, int index) {
    return job(uid).tasks().get(index).waitReason().orElseThrow();
  }

  public List<AttemptResult> results() {
    List<AttemptResult> results = new ArrayList<>();
    for (Event event : journal.events()) {
      if (event instanceof Event.AttemptEnded ended) {
        results.add(ended.result());
      }
    }
    return results;
  }

  // ---------------------------------------------------------------- time

  /** Moves time on, ticking whenever a tick is due. */
  public TestingDispatch pass(Duration time) {
    Instant until = now.plus(time);
    while (!dispatch.nextDeadline().isAfter(until)) {
      if (dispatch.nextDeadline().isAfter(now)) {
        now = dispatch.nextDeadline();
      }
      handle(new Command.Tick());
    }
    now = until;
    handle(new Command.Tick());
    return this;
  }

  /** The same while these workers keep their heartbeats. */
  public TestingDispatch pass(Duration time, String... alive) {
    Instant until = now.plus(time);
    while (now.isBefore(until)) {
      Duration left = Duration.between(now, until);
      pass(left.compareTo(Duration.ofSeconds(1)) < 0 ? left : Duration.ofSeconds(1));
      for (String name : alive) {
        sync(name);
      }
    }
    return this;
  }

  /** The controller is killed, and another one starts from the journal. */
  public TestingDispatch restart() {
    dispatch = read();
    return this;
  }

  /** The journal read afresh by a controller of the same reign. */
  public Dispatch replayed() {
    Dispatch fresh = fresh();
    journal.replay(fresh::apply);
    return fresh;
  }

  private Dispatch read() {
    Dispatch fresh = fresh();
    journal.replay(fresh::apply);
    fresh.reign(journal.nextEpoch(), now, _ -> settings.holdUnfinished());
    return fresh;
  }

  private Dispatch fresh() {
    return new Dispatch(profiles, settings, new SplittableRandom(1));
  }

  private void handle(Command command) {
    Dispatch.Step step = dispatch.handle(command, now);
    if (!step.events().isEmpty()) {
      journal.append(step.events(), step.decisions());
    }
    for (Event event : step.events()) {
      if (event instanceof Event.AttemptEnded ended) {
        Observation.from(ended.result()).ifPresent(profiles::learn);
      }
    }
    for (Reply reply : step.replies()) {
      replies.put(reply.ticket(), reply);
      TestingWorker poller = parked.remove(reply.ticket());
      if (poller != null && reply instanceof Reply.Synced(_, SyncResponse response)) {
        poller.take(response);
      }
    }
  }

  private Reply reply(long ticket) {
    Reply reply = replies.get(ticket);
    if (reply == null) {
      throw new AssertionError("no reply to ticket " + ticket);
    }
    return reply;
  }
}
