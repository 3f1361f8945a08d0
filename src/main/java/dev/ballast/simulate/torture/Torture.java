package dev.ballast.simulate.torture;

import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Command.JobChange;
import dev.ballast.dispatch.Dispatch;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.JournalException;
import dev.ballast.dispatch.Reply;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import dev.ballast.simulate.torture.Wire.Message;
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
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One run: a controller, a few workers and a store under faults, all of them drawn from a seed. The
 * promises are checked at every step; when the faults stop, every job must end.
 */
final class Torture {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int JOBS = 6;
  private static final int MOST_TOGETHER = 5;

  private final long seed;
  private final SplittableRandom random;
  private final Trace trace;
  private final Map<WorkerId, TortureWorker> workers = new LinkedHashMap<>();
  private final Checker checker = new Checker(worker -> find(worker).memoryBytes);
  private final FaultyStore store = new FaultyStore(this::witness);
  private final Wire wire = new Wire();
  private final Map<Long, Message.Up> callers = new HashMap<>();
  private final Tally tally = new Tally();

  /** Attempts that the present reign was told of by whoever holds them. */
  private final Set<AttemptId> told = new HashSet<>();

  /** Commands that wait for the controller's next turn: it does them together. */
  private final List<Command> waiting = new ArrayList<>();

  /** Who is told, of the attempts that the waiting commands speak of. */
  private final Set<AttemptId> toldBy = new HashSet<>();

  /** Attempts that a user asked to be moved; others that come back were moved by the rule. */
  private final Set<AttemptId> asked = new HashSet<>();

  private final Set<AttemptId> relieved = new HashSet<>();

  private Reign reign;
  private @Nullable Reign deposed;
  private @Nullable WorkerId gone;
  private Instant now = START;
  private long ticket;
  private boolean settling;

  private Torture(long seed, boolean written) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.trace = new Trace(START, written);
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      // The first can run whatever is asked for, so that every job can end.
      BrowserKind kind =
          i == 0 || random.nextBoolean() ? BrowserKind.CHROMIUM : BrowserKind.FIREFOX;
      long memory = i == 0 || random.nextBoolean() ? 4L << 30 : 1L << 30;
      TortureWorker worker =
          new TortureWorker("w" + i, kind, 1 + random.nextInt(3), memory, random);
      workers.put(worker.id, worker);
    }
    this.reign = new Reign(store, seed, now, Duration.ZERO);
  }

  /** Runs that seed; throws {@link BrokenPromiseException}. */
  static Tally run(long seed) {
    Torture torture = new Torture(seed, false);
    torture.run();
    return torture.tally;
  }

  /** The same run again, in words, up to where it breaks a promise. */
  static List<String> tell(long seed) {
    Torture torture = new Torture(seed, true);
    try {
      torture.run();
    } catch (RuntimeException broken) {
      torture.trace.say(torture.now, () -> "BROKEN: " + broken.getMessage());
    }
    return torture.trace.lines();
  }

  private void run() {
    int steps = 60 + random.nextInt(120);
    for (int step = 0; step < steps; step++) {
      pass(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 7_000 : 400)));
      step();
    }
    settle();
    replayIsState();
  }

  // ---------------------------------------------------------------- what happens

  private void step() {
    switch (random.nextInt(28)) {
      case 0, 1 -> submit();
      case 2 -> die();
      case 3 -> store.failNext(random.nextBoolean());
      case 4 -> kill(anyWorker());
      case 5 -> freeze(anyWorker());
      case 6 -> drain(anyWorker());
      case 7 -> scaleDown(anyWorker());
      case 8 -> move(anyWorker());
      case 9 -> change();
      case 10 -> snapshot();
      case 11 -> depose();
      case 12 -> jump();
      case 13, 14, 15, 16, 17, 18 -> say(anyWorker());
      case 19, 20, 21, 22 -> work(anyWorker());
      default -> deliver();
    }
  }

  private void submit() {
    if (tally.jobs >= JOBS) {
      return;
    }
    tally.jobs++;
    String uid = "job-" + tally.jobs;
    JobSpec spec = TortureJobs.next("j" + tally.jobs, random);
    tally.tasks += spec.taskCount();
    trace.say(now, () -> "a user submits %s: %d tasks".formatted(uid, spec.taskCount()));
    command(next -> new Command.SubmitJob(next, uid, spec));
  }

  /** The controller is killed while it does something, and a new one starts from the store. */
  private void die() {
    List<Reign.Death> deaths = List.of(Reign.Death.values());
    Reign.Death death = deaths.get(random.nextInt(deaths.size()));
    Command last =
        workers.isEmpty() || random.nextBoolean()
            ? new Command.Tick()
            : new Command.Sync(++ticket, anyWorker().request(0));
    trace.say(now, () -> "the controller is killed, %s".formatted(death));
    reign.die(last, now, death);
    begin();
    tally.deaths++;
  }

  /** A partition: another controller takes over, and the first does not know. */
  private void depose() {
    deposed = reign;
    begin();
    trace.say(now, () -> "reign %d is deposed by %d".formatted(reign.epoch() - 1, reign.epoch()));
    tally.deposed++;
  }

  private void begin() {
    waiting.clear();
    toldBy.clear();
    told.clear();
    if (deposed == null) {
      callers.clear();
    }
    Duration ahead = random.nextInt(4) == 0 ? drift() : Duration.ZERO;
    reign = new Reign(store, seed, now, ahead);
  }

  /** The controller's clock jumps. */
  private void jump() {
    Duration by = drift();
    trace.say(now, () -> "the controller's clock jumps by " + by);
    reign.jump(by);
    tally.jumps++;
  }

  private Duration drift() {
    return random.nextInt(3) == 0
        ? Duration.ofMinutes(random.nextInt(60))
        : Duration.ofMillis(random.nextInt(20_000) - 10_000);
  }

  private void kill(TortureWorker worker) {
    trace.say(now, () -> "%s is killed; it ran %s".formatted(worker.id, worker.running()));
    worker.restart();
    wire.cut(worker);
    tally.kills++;
  }

  private void freeze(TortureWorker worker) {
    worker.frozenUntil = now.plusMillis(random.nextInt(15_000));
    trace.say(now, () -> "%s freezes until %s".formatted(worker.id, worker.frozenUntil));
    tally.freezes++;
  }

  private void drain(TortureWorker worker) {
    trace.say(now, () -> "%s is drained; it runs %s".formatted(worker.id, worker.running()));
    command(next -> new Command.DrainWorker(next, worker.id));
  }

  /** Its pod is deleted: whoever did that takes its process away as well. */
  private void scaleDown(TortureWorker worker) {
    drain(worker);
    if (random.nextInt(3) == 0) {
      kill(worker);
      turn();
      gone = worker.id;
      trace.say(now, () -> "%s is gone".formatted(worker.id));
      command(next -> new Command.WorkerGone(next, worker.id));
      turn();
      gone = null;
    }
  }

  private void move(TortureWorker worker) {
    for (AttemptId attempt : worker.bound()) {
      trace.say(now, () -> "%s is to be moved from %s".formatted(attempt, worker.id));
      asked.add(attempt);
      command(next -> new Command.MoveTask(next, attempt));
      tally.moves++;
    }
  }

  private void change() {
    List<JobView> all = reign.dispatch().jobs();
    if (all.isEmpty()) {
      return;
    }
    JobView job = all.get(random.nextInt(all.size()));
    if (random.nextInt(4) == 0) {
      trace.say(now, () -> "a user cancels " + job.uid());
      command(next -> new Command.CancelJob(next, job.uid(), "torture"));
      return;
    }
    JobChange change =
        new JobChange(
            Optional.of(random.nextInt(3) == 0),
            random.nextBoolean() ? Optional.of(1 + random.nextInt(4)) : Optional.empty(),
            Optional.of(random.nextInt(3)));
    trace.say(now, () -> "a user changes %s: %s".formatted(job.uid(), change));
    command(next -> new Command.ChangeJob(next, job.uid(), change));
  }

  private void snapshot() {
    turn();
    reign.snapshot();
    trace.say(now, () -> "a snapshot is taken");
    tally.snapshots++;
  }

  private void work(TortureWorker worker) {
    worker.startAll();
    for (AttemptId attempt : worker.running()) {
      if (random.nextInt(3) > 0) {
        worker.finish(attempt, Outcomes.draw(random), now, 1 + random.nextInt(100));
      }
    }
  }

  private void say(TortureWorker worker) {
    if (now.isBefore(worker.frozenUntil)) {
      return;
    }
    int wait = random.nextBoolean() ? 0 : random.nextInt(5_000);
    wire.send(new Message.Up(worker, worker.incarnation(), worker.request(wait)));
  }

  private void deliver() {
    if (wire.isEmpty()) {
      return;
    }
    Wire.Drawn drawn = wire.draw(random);
    if (drawn.fate() == Wire.Fate.LOST) {
      trace.say(now, () -> "lost: " + drawn.message());
      tally.lostMessages++;
    } else {
      arrive(drawn.message());
    }
  }

  private void arrive(Message message) {
    trace.say(now, message::toString);
    switch (message) {
      case Message.Up up -> {
        Reign older = deposed;
        if (older != null && random.nextInt(3) == 0) {
          hearDeposed(older, up);
        } else {
          hear(up);
        }
      }
      case Message.Refusal no -> {
        if (no.worker().incarnation() == no.incarnation()
            && no.code() == DispatchException.Code.STALE_SYNC) {
          no.worker().rejoin(no.sequence());
        }
      }
      case Message.Down down -> {
        TortureWorker worker = down.worker();
        if (worker.incarnation() == down.incarnation() && !now.isBefore(worker.frozenUntil)) {
          if (worker.accepts(down.response())) {
            down.response()
                .acknowledged()
                .forEach(attempt -> checker.acknowledged(attempt, reign.epoch()));
          }
          if (!worker.draining() && !down.response().drain()) {
            down.response().revocations().forEach(this::asksBack);
          }
          worker.take(down.response()).forEach(attempt -> checker.stopped(attempt, reign.epoch()));
        }
      }
    }
  }

  /** Neither a user nor a drain asked for it, and its job goes on: the rule moves it. */
  private void asksBack(AttemptId attempt) {
    boolean goesOn =
        reign
            .dispatch()
            .progress(attempt.task().job())
            .filter(progress -> !progress.overview().state().ended())
            .isPresent();
    if (goesOn && !asked.contains(attempt) && relieved.add(attempt)) {
      trace.say(now, () -> "  the rule moves " + attempt);
      tally.relieved++;
    }
  }

  private void hear(Message.Up up) {
    if (up.worker().incarnation() == up.incarnation()) {
      toldBy.addAll(Wire.held(up.request()));
    }
    command(next -> {
      callers.put(next, up);
      return new Command.Sync(next, up.request());
    });
  }

  /** A controller that was deposed goes on until a write tells it so. */
  private void hearDeposed(Reign older, Message.Up up) {
    trace.say(now, () -> "  … to the deposed reign " + older.epoch());
    callers.put(++ticket, up);
    try {
      tell(older.handle(List.of(new Command.Sync(ticket, up.request())), now));
    } catch (JournalException e) {
      trace.say(now, () -> "  reign %d learns that it is over".formatted(older.epoch()));
      deposed = null;
    }
  }

  // ---------------------------------------------------------------- the loop in small

  /** What comes while the controller is busy waits, and is done together with what comes next. */
  private void command(LongFunction<Command> make) {
    waiting.add(make.apply(++ticket));
    if (settling || waiting.size() == MOST_TOGETHER || random.nextInt(4) > 0) {
      turn();
    }
  }

  private void turn() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Command> commands = List.copyOf(waiting);
    waiting.clear();
    // Of several commands one may free an attempt before another one speaks of it.
    if (commands.size() == 1) {
      told.addAll(toldBy);
    } else {
      trace.say(now, () -> "  %d commands are done together".formatted(commands.size()));
      tally.together += commands.size();
    }
    try {
      tell(reign.handle(commands, now));
    } catch (JournalException e) {
      trace.say(now, () -> "  the write fails; nobody is told anything");
      callers.clear();
      tally.failedWrites++;
    }
    told.addAll(toldBy);
    toldBy.clear();
    checkPlaces();
  }

  private void tell(List<Reply> replies) {
    for (Reply reply : replies) {
      Message.Up caller = callers.remove(reply.ticket());
      switch (reply) {
        case Reply.Job(_, String uid) -> checker.acknowledged(uid);
        case Reply.Synced synced when caller != null ->
            wire.send(new Message.Down(caller.worker(), caller.incarnation(), synced.response()));
        case Reply.Refused refused -> {
          trace.say(now, () -> "  refused, %s".formatted(refused.message()));
          if (caller != null) {
            wire.send(
                new Message.Refusal(
                    caller.worker(),
                    caller.incarnation(),
                    caller.request().sequence(),
                    refused.code()));
          }
        }
        case Reply.Synced _, Reply.Done _ -> {
          // Nobody listens any more.
        }
      }
    }
  }

  private void pass(Duration time) {
    Instant until = now.plus(time);
    while (!reign.nextDeadline().isAfter(until)) {
      if (reign.nextDeadline().isAfter(now)) {
        now = reign.nextDeadline();
      }
      waiting.add(new Command.Tick());
      turn();
    }
    now = until;
    waiting.add(new Command.Tick());
    turn();
  }

  // ---------------------------------------------------------------- what must hold

  private void witness(Event event, long under) {
    trace.say(now, () -> "  durable: " + Words.of(event));
    if (event instanceof Event.AttemptReturned back) {
      confirmed(back.attempt(), under);
    }
    checker.durable(event, under);
    tally.events++;
  }

  /** Who takes an attempt from a living worker must have been told that it will not start there. */
  private void confirmed(AttemptId attempt, long under) {
    if (under != reign.epoch() || !told.contains(attempt)) {
      return;
    }
    for (TortureWorker worker : workers.values()) {
      if (worker.holds(attempt) && !worker.id.equals(gone) && !lost(worker.id)) {
        checker.takenFromAHolder(attempt);
      }
    }
  }

  private boolean lost(WorkerId worker) {
    return reign.dispatch().workers().stream()
        .filter(view -> view.id().equals(worker))
        .noneMatch(view -> view.state() != WorkerView.State.LOST);
  }

  private void checkPlaces() {
    for (WorkerView worker : reign.dispatch().workers()) {
      int held = worker.bound().size() + worker.running().size();
      int places =
          worker.request().map(SyncRequest::slots).orElse(Integer.MAX_VALUE - 1)
              + Reign.SETTINGS.prefetch();
      Checker.require(
          held <= places, "%s holds %d attempts in %d places", worker.id(), held, places);
    }
  }

  /** Without faults: everyone speaks, every message arrives, drained workers come back. */
  private void settle() {
    turn();
    settling = true;
    trace.say(now, () -> "the faults stop");
    store.heal();
    wire.clear();
    deposed = null;
    for (JobView job : reign.dispatch().jobs()) {
      if (job.state() == JobState.SUSPENDED) {
        JobChange resume = new JobChange(Optional.of(false), Optional.of(5), Optional.empty());
        command(next -> new Command.ChangeJob(next, job.uid(), resume));
      }
    }
    for (int round = 0; round < 2_000; round++) {
      pass(Duration.ofMillis(500));
      for (TortureWorker worker : workers.values()) {
        exchange(worker);
      }
      if (reign.dispatch().jobs().stream().allMatch(job -> job.state().ended())) {
        return;
      }
    }
    throw new BrokenPromiseException(
        "not every job ended: "
            + reign.dispatch().jobs().stream().filter(job -> !job.state().ended()).toList());
  }

  private void exchange(TortureWorker worker) {
    if (worker.draining() && worker.running().isEmpty()) {
      kill(worker);
    }
    worker.frozenUntil = Instant.MIN;
    say(worker);
    while (!wire.isEmpty()) {
      arrive(wire.next());
    }
    worker.startAll();
    for (AttemptId attempt : worker.running()) {
      worker.finish(attempt, Outcomes.GOOD, now, 10);
    }
  }

  private void replayIsState() {
    String live = reign.dispatch().durableState(reign.epoch());
    Dispatch fromSnapshot = Reign.fresh(seed);
    store.replay(fromSnapshot::apply);
    Dispatch fromTheStart = Reign.fresh(seed);
    store.replayAll(fromTheStart::apply);
    List<String> replayed = new ArrayList<>();
    replayed.add(fromSnapshot.durableState(reign.epoch()));
    replayed.add(fromTheStart.durableState(reign.epoch()));
    for (String state : replayed) {
      Checker.require(state.equals(live), "the journal says%n%s%nthe state is%n%s", state, live);
    }
  }

  private TortureWorker anyWorker() {
    return List.copyOf(workers.values()).get(random.nextInt(workers.size()));
  }

  private TortureWorker find(WorkerId id) {
    TortureWorker worker = workers.get(id);
    if (worker == null) {
      throw new IllegalStateException("no worker " + id);
    }
    return worker;
  }
}
