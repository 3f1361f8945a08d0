package dev.ballast.dispatch;

import dev.ballast.balancer.BrowserAware;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.Command.JobChange;
import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;

/**
 * One run of dispatch under faults, all of them drawn from a seed: exchanges are lost, repeated,
 * delayed and overtaken, workers die and come back, the journal fails, the controller is killed.
 * The promises are checked again and again; when the faults stop, every job must end.
 */
@NullMarked
final class Torture {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final long seed;
  private final SplittableRandom random;
  private final TestingJournal journal = new TestingJournal();
  private final List<TestingWorker> workers = new ArrayList<>();
  private final List<Message> underWay = new ArrayList<>();
  private final Map<Long, TestingWorker> tickets = new LinkedHashMap<>();
  private final Set<String> acknowledgedJobs = new HashSet<>();
  private final Set<AttemptId> acknowledgedResults = new HashSet<>();
  private final Set<AttemptId> drainedWhileRunning = new HashSet<>();
  private final List<String> trace = new ArrayList<>();
  private final Map<WorkerId, Integer> incarnations = new HashMap<>();
  private final List<Reply> toTell = new ArrayList<>();
  private Dispatch dispatch;
  private Instant now = START;
  private long epoch;
  private long ticket;
  private int uids;
  private boolean faults = true;
  int jobs;
  int tasks;
  int restarts;
  int failedWrites;
  int refused;

  /** A request on its way up, or an answer on its way down. */
  private sealed interface Message {
    record Up(TestingWorker worker, SyncRequest request) implements Message {}

    record Down(TestingWorker worker, SyncResponse response, int incarnation) implements Message {}
  }

  Torture(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.dispatch = reign();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      BrowserKind kind =
          i == 0 || random.nextBoolean() ? BrowserKind.CHROMIUM : BrowserKind.FIREFOX;
      workers.add(
          new TestingWorker(
              "w" + i,
              kind + "-pool",
              Map.of(),
              kind,
              1 + random.nextInt(3),
              List.of(Backend.WASM, Backend.WEBGPU),
              true));
    }
  }

  void run() {
    try {
      int steps = 60 + random.nextInt(120);
      for (int i = 0; i < steps; i++) {
        step();
        if (i % 4 == 0) {
          check();
        }
      }
      faults = false;
      settle();
      check();
      replayIsState();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed %d: %s%n%s"
              .formatted(
                  seed,
                  e.getMessage(),
                  String.join("\n", trace.subList(Math.max(0, trace.size() - 60), trace.size()))),
          e);
    }
  }

  // ---------------------------------------------------------------- what happens

  private void step() {
    pass(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 7_000 : 400)));
    switch (random.nextInt(20)) {
      case 0, 1 -> submit();
      case 2 -> restartController();
      case 3 -> journal.failNext(1);
      case 4 -> killWorker(anyWorker());
      case 5 -> drain(anyWorker());
      case 6 -> changeJob();
      case 7, 8, 9, 10, 11 -> say(anyWorker());
      case 12, 13, 14, 15 -> work(anyWorker());
      default -> deliver();
    }
  }

  /** Without faults: everyone speaks, every message arrives, drained workers come back. */
  private void settle() {
    journal.failNext(0);
    underWay.clear();
    for (JobView job : dispatch.jobs()) {
      if (job.state() == JobState.SUSPENDED) {
        command(next ->
            new Command.ChangeJob(
                next,
                job.uid(),
                new JobChange(Optional.of(false), Optional.of(5), Optional.empty())));
      }
    }
    for (int round = 0; round < 2_000; round++) {
      pass(Duration.ofMillis(500));
      for (TestingWorker worker : workers) {
        if (worker.draining() && worker.running().isEmpty()) {
          killWorker(worker);
        }
        say(worker);
        while (!underWay.isEmpty()) {
          arrive(underWay.removeFirst());
        }
        worker.startAll();
        for (Assignment running : worker.running()) {
          finish(worker, running.attempt());
        }
      }
      if (dispatch.jobs().stream().allMatch(job -> job.state().ended())) {
        return;
      }
    }
    throw new AssertionError("not every job ended: " + dispatch.jobs());
  }

  private void submit() {
    if (uids >= 6) {
      return;
    }
    uids++;
    String uid = "job-" + uids;
    Examples.Job job =
        Examples.job("j" + uids)
            .models(
                Examples.model("vad", ModelFamily.AUDIO), Examples.model("net", ModelFamily.VISION))
            .repetitions(1 + random.nextInt(4))
            .retries(random.nextInt(3))
            .priority(random.nextInt(2));
    if (random.nextBoolean()) {
      job = job.backends(Backend.WEBGPU).fallbacks(Backend.WASM);
    }
    if (random.nextInt(3) == 0) {
      job = job.parallelism(1 + random.nextInt(3));
    }
    if (random.nextInt(4) == 0) {
      job = job.maxFailed(random.nextInt(3));
    }
    if (random.nextInt(5) == 0) {
      job = job.deadline(Duration.ofSeconds(5 + random.nextInt(60)));
    }
    if (random.nextInt(4) == 0) {
      job = job.browsers(BrowserKind.CHROMIUM);
    }
    var spec = job.spec();
    say("submit " + uid);
    command(t -> new Command.SubmitJob(t, uid, spec));
    jobs++;
    tasks += spec.taskCount();
  }

  private void changeJob() {
    List<JobView> all = dispatch.jobs();
    if (all.isEmpty()) {
      return;
    }
    JobView job = all.get(random.nextInt(all.size()));
    if (random.nextInt(4) == 0) {
      say("cancel " + job.uid());
      command(t -> new Command.CancelJob(t, job.uid(), "torture"));
    } else {
      say("change " + job.uid());
      JobChange change =
          new JobChange(
              Optional.of(random.nextInt(3) == 0),
              random.nextBoolean() ? Optional.of(1 + random.nextInt(4)) : Optional.empty(),
              Optional.of(random.nextInt(3)));
      command(t -> new Command.ChangeJob(t, job.uid(), change));
    }
  }

  private void drain(TestingWorker worker) {
    say("drain " + worker.id);
    worker.running().forEach(running -> drainedWhileRunning.add(running.attempt()));
    command(t -> new Command.DrainWorker(t, worker.id));
  }

  private void killWorker(TestingWorker worker) {
    say("kill " + worker.id);
    worker.running().forEach(running -> drainedWhileRunning.remove(running.attempt()));
    worker.restart();
    incarnations.merge(worker.id, 1, Integer::sum);
    underWay.removeIf(message -> message instanceof Message.Down down && down.worker() == worker);
  }

  private void restartController() {
    say("kill the controller");
    restarts++;
    tickets.clear();
    drainedWhileRunning.clear();
    dispatch = reign();
  }

  private Dispatch reign() {
    epoch = journal.nextEpoch();
    return read();
  }

  private Dispatch read() {
    Dispatch fresh = fresh();
    journal.replay(fresh::apply);
    fresh.reign(epoch, now, _ -> false);
    return fresh;
  }

  private Dispatch fresh() {
    Profiles profiles = new Profiles(Priors.DEFAULTS);
    DispatchSettings settings =
        DispatchSettings.DEFAULTS.withBreaker(
            new DispatchSettings.BreakerSettings(0.5, 5, Duration.ofSeconds(10)));
    // Every task counts as short, so that prefetching happens.
    return new Dispatch(
        new BrowserAware(profiles, new BrowserAware.Settings(0.5, 1_000, true)),
        settings,
        new SplittableRandom(seed));
  }

  private void work(TestingWorker worker) {
    worker.startAll();
    for (Assignment running : worker.running()) {
      if (random.nextInt(3) > 0) {
        finish(worker, running.attempt());
      }
    }
  }

  private void finish(TestingWorker worker, AttemptId attempt) {
    List<Outcome> bad = List.of(Outcome.FAILED, Outcome.CRASHED, Outcome.HUNG, Outcome.DEVICE_LOST);
    Outcome outcome =
        faults && random.nextInt(3) == 0 ? bad.get(random.nextInt(bad.size())) : Outcome.SUCCEEDED;
    say("%s ends %s: %s".formatted(worker.id, attempt, outcome));
    worker.finish(attempt, outcome, now, 1 + random.nextInt(100));
    drainedWhileRunning.remove(attempt);
  }

  private void say(TestingWorker worker) {
    int wait = random.nextBoolean() ? 0 : random.nextInt(5_000);
    underWay.add(new Message.Up(worker, worker.request(wait)));
  }

  private void deliver() {
    if (underWay.isEmpty()) {
      return;
    }
    int which = random.nextInt(underWay.size());
    Message message = underWay.get(which);
    switch (random.nextInt(8)) {
      case 0 -> {
        say("lost: " + brief(message));
        underWay.remove(which);
      }
      case 1 -> {
        say("repeated: " + brief(message));
        arrive(message);
      }
      default -> {
        underWay.remove(which);
        arrive(message);
      }
    }
  }

  private void arrive(Message message) {
    say("arrives: " + brief(message));
    switch (message) {
      case Message.Up(TestingWorker worker, SyncRequest request) ->
          command(t -> {
            tickets.put(t, worker);
            return new Command.Sync(t, request);
          });
      case Message.Down(TestingWorker worker, SyncResponse response, int incarnation) -> {
        if (incarnations.getOrDefault(worker.id, 0) == incarnation) {
          for (AttemptId stopped : response.cancellations()) {
            checkStop(stopped);
          }
          worker.take(response);
        }
      }
    }
  }

  // ---------------------------------------------------------------- the loop in small

  private void command(java.util.function.LongFunction<Command> make) {
    handle(make.apply(++ticket));
  }

  private void handle(Command command) {
    try {
      Dispatch.Step step = dispatch.handle(command, now);
      journal.keepWhatFails(random.nextBoolean());
      if (!step.events().isEmpty()) {
        step.events().forEach(event -> say("  " + brief(event)));
        journal.append(step.events(), step.decisions());
      }
      toTell.addAll(step.replies());
    } catch (JournalException e) {
      say("  the write fails");
      failedWrites++;
      toTell.clear();
      tickets.clear();
      dispatch = read();
    }
    flush();
  }

  private void flush() {
    for (Reply reply : toTell) {
      if (reply instanceof Reply.Job(_, String uid)) {
        acknowledgedJobs.add(uid);
      }
      TestingWorker worker = tickets.remove(reply.ticket());
      if (reply instanceof Reply.Synced(_, SyncResponse response) && worker != null) {
        acknowledgedResults.addAll(response.acknowledged());
        underWay.add(new Message.Down(worker, response, incarnations.getOrDefault(worker.id, 0)));
      } else if (reply instanceof Reply.Refused) {
        refused++;
      }
    }
    toTell.clear();
  }

  private void pass(Duration time) {
    Instant until = now.plus(time);
    while (!dispatch.nextDeadline().isAfter(until)) {
      if (dispatch.nextDeadline().isAfter(now)) {
        now = dispatch.nextDeadline();
      }
      handle(new Command.Tick());
    }
    now = until;
    handle(new Command.Tick());
  }

  // ---------------------------------------------------------------- what must hold

  private void check() {
    Map<TaskId, Integer> results = new HashMap<>();
    Map<TaskId, AttemptId> current = new HashMap<>();
    Set<String> known = new HashSet<>();
    Set<String> ended = new HashSet<>();
    Set<AttemptId> everEnded = new HashSet<>();
    for (Event event : journal.events()) {
      switch (event) {
        case Event.JobAccepted accepted -> known.add(accepted.uid());
        case Event.AttemptBound bound -> {
          AttemptId before = current.put(bound.attempt().task(), bound.attempt());
          require(
              before == null || before.number() < bound.attempt().number(),
              "an attempt's number came twice: " + bound);
          require(!ended.contains(bound.attempt().task().job()), "bound after its job's end");
        }
        case Event.AttemptReturned returned ->
            require(
                returned.attempt().equals(current.get(returned.attempt().task())),
                "returned, but not current: " + returned);
        case Event.AttemptEnded attemptEnded -> {
          AttemptId id = attemptEnded.result().attemptId();
          require(id.equals(current.get(id.task())), "accepted, but not current: " + id);
          require(everEnded.add(id), "accepted twice: " + id);
          if (attemptEnded.retryAt().isEmpty()) {
            require(results.merge(id.task(), 1, Integer::sum) == 1, "two results of " + id.task());
          }
        }
        case Event.JobChanged _ -> {
          // Nothing to count.
        }
        case Event.JobEnded jobEnded -> require(ended.add(jobEnded.uid()), "ended twice");
        case Event.JobForgotten _, Event.JobRestored _, Event.TasksRestored _ -> {
          // Nothing happened to a task.
        }
      }
    }
    require(known.containsAll(acknowledgedJobs), "an acknowledged job is not in the journal");
    for (JobView job : dispatch.jobs()) {
      JobView.Counts counts = job.counts();
      require(
          counts.waiting()
                  + counts.bound()
                  + counts.running()
                  + counts.succeeded()
                  + counts.failed()
                  + counts.dropped()
              == job.spec().taskCount(),
          "tasks are not conserved: " + counts);
      require(
          job.spec().parallelism().isEmpty() || !job.state().ended() || counts.running() == 0,
          "an ended job runs");
    }
    for (WorkerView worker : dispatch.workers()) {
      int held = worker.bound().size() + worker.running().size();
      int slots = worker.request().map(SyncRequest::slots).orElse(Integer.MAX_VALUE - 1);
      require(held <= slots + 1, "%s holds %d".formatted(worker.id(), held));
    }
    for (TestingWorker worker : workers) {
      for (AttemptReport report : worker.unacknowledged()) {
        require(
            !acknowledgedResults.contains(report.result().attemptId())
                || journalKnowsOrVoid(report.result().attemptId(), everEnded),
            "acknowledged, and lost: " + report.result().attemptId());
      }
    }
  }

  private boolean journalKnowsOrVoid(AttemptId attempt, Set<AttemptId> everEnded) {
    TaskState state =
        dispatch
            .find(attempt.task().job())
            .orElseThrow()
            .tasks()
            .get(attempt.task().index())
            .state();
    boolean stillCurrent =
        switch (state) {
          case TaskState.Bound bound -> bound.attempt().equals(attempt);
          case TaskState.Running running -> running.attempt().equals(attempt);
          case TaskState.Waiting _, TaskState.Done _, TaskState.Dropped _ -> false;
        };
    return everEnded.contains(attempt) || !stillCurrent;
  }

  /** Only the end of its job, its worker's loss, or an older reign may stop what runs. */
  private void checkStop(AttemptId stopped) {
    if (!drainedWhileRunning.contains(stopped) || stopped.epoch() < epoch) {
      return;
    }
    boolean jobEnded =
        dispatch.find(stopped.task().job()).map(job -> job.state().ended()).orElse(true);
    boolean lost =
        journal.events().stream()
            .anyMatch(event ->
                event instanceof Event.AttemptEnded ended
                    && ended.result().attemptId().equals(stopped)
                    && ended.result().outcome() == Outcome.WORKER_LOST);
    boolean returned =
        journal.events().stream()
            .anyMatch(event ->
                event instanceof Event.AttemptReturned back && back.attempt().equals(stopped));
    require(jobEnded || lost || returned, "a drain stopped " + stopped);
  }

  private void replayIsState() {
    Dispatch replayed = fresh();
    journal.replay(replayed::apply);
    require(
        replayed.durableState(epoch).equals(dispatch.durableState(epoch)),
        "the journal says%n%s%nthe state is%n%s"
            .formatted(replayed.durableState(epoch), dispatch.durableState(epoch)));
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  private void say(String what) {
    trace.add("%6d ms  %s".formatted(Duration.between(START, now).toMillis(), what));
  }

  private static String brief(Message message) {
    return switch (message) {
      case Message.Up(TestingWorker worker, SyncRequest request) ->
          "%s#%d up: started %s, bound %s, returned %s, reports %d"
              .formatted(
                  worker.id,
                  request.sequence(),
                  request.started(),
                  request.notStarted(),
                  request.returned(),
                  request.reports().size());
      case Message.Down(TestingWorker worker, SyncResponse response, _) ->
          "%s down: assigns %s, revokes %s, cancels %s"
              .formatted(
                  worker.id,
                  response.assignments().stream().map(Assignment::attempt).toList(),
                  response.revocations(),
                  response.cancellations());
    };
  }

  private static String brief(Event event) {
    return switch (event) {
      case Event.AttemptEnded ended ->
          "ended %s: %s, again %s"
              .formatted(ended.result().attemptId(), ended.result().outcome(), ended.retryAt());
      case Event.JobAccepted accepted -> "accepted " + accepted.uid();
      default -> event.toString();
    };
  }

  private TestingWorker anyWorker() {
    return workers.get(random.nextInt(workers.size()));
  }
}
