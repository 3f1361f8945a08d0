package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.measure.SamplingPlan;
import dev.ballast.worker.measure.WarmUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A model on the runner page: loaded unless it is there, its output checked, then sampled in blocks
 * until the interval is narrow.
 */
final class ModelRun {
  private final WorkerTools tools;
  private final Dialogue dialogue;
  private final AttemptDraft draft;
  private final Residents residents;
  private final Runnable whileQuiet;
  private double lastRunEndedMillis;

  /** {@code whileQuiet} runs after the last sample, before the turn is given back. */
  ModelRun(WorkerTools tools, Dialogue dialogue, Residents residents, Runnable whileQuiet) {
    this.tools = tools;
    this.dialogue = dialogue;
    this.draft = dialogue.draft();
    this.residents = residents;
    this.whileQuiet = whileQuiet;
  }

  Verdict measure() throws AttemptFailure, InterruptedException {
    ModelShelf.Shelved shelved = shelve(draft.assignment());
    try {
      return measure(shelved);
    } catch (AttemptFailure failure) {
      if (failure.code().equals("sha256-mismatch")) {
        tools.shelf().distrust(draft.assignment().model());
      }
      throw failure;
    } finally {
      countResidents(shelved);
    }
  }

  /** The page knows best what is loaded in it, also after a failure. */
  private void countResidents(ModelShelf.Shelved shelved) {
    TestModel model = draft.assignment().model();
    Backend backend = draft.assignment().backend();
    dialogue
        .residents()
        .ifPresent(keys ->
            residents.reconcile(
                keys, model, backend, shelved.residentKey(backend), shelved.memoryBytes()));
  }

  private Verdict measure(ModelShelf.Shelved shelved) throws AttemptFailure, InterruptedException {
    Assignment assignment = draft.assignment();
    draft.modelSha256 = shelved.sha256();
    ObjectNode job = tools.shelf().job(shelved, assignment, dialogue.message());
    ArrayNode evict = job.putArray("evict");
    residents
        .evictFor(assignment.model(), assignment.backend(), shelved.memoryBytes())
        .forEach(evict::add);

    Sampling sampling = new Sampling(draft);
    JsonNode ready;
    try (MeasuringRoom.Stay stay =
        tools.room().visit(dialogue.options().isolation(), dialogue.browser().browser())) {
      inTurn(stay::enterToLoad);
      dialogue.start(job);
      stay.processes();
      ready = dialogue.await("ready");
      draft.readReady(ready);
      residents.used(
          assignment.model(),
          assignment.backend(),
          shelved.residentKey(assignment.backend()),
          shelved.memoryBytes());
      countResidents(shelved);
      sampling.timerResolution(ready.path("timerResolutionMillis"));
      warmUp(sampling, stay, restedRunMillis());
      sample(sampling, stay);
      whileQuiet.run();
    }
    return sampling.judge(
        ready.path("correctness"),
        dialogue.browser().capability().adapter(),
        shelved.randomWeights());
  }

  private ModelShelf.Shelved shelve(Assignment assignment)
      throws AttemptFailure, InterruptedException {
    double before = draft.clock.elapsedMillis();
    ModelShelf.Shelved shelved =
        dialogue
            .callOff()
            .leavable(
                draft.remaining(),
                draft.timedOut("timeout", "the model's bytes did not arrive"),
                () -> tools.shelf().shelve(assignment.model()));
    if (shelved.fetched()) {
      draft.clock.add(Phase.DOWNLOAD, draft.clock.elapsedMillis() - before);
    }
    return shelved;
  }

  private void sample(Sampling sampling, MeasuringRoom.Stay stay)
      throws AttemptFailure, InterruptedException {
    RunOptions options = dialogue.options();
    int batch = sampling.batch();
    SamplingPlan plan = new SamplingPlan(options, batch);
    while (plan.next(sampling.blocks(), sampling.elapsed(), sampling.expectedMillis())
        instanceof SamplingPlan.Step.Block(int iterations)) {
      inTurn(stay::enter);
      MeasuringRoom.Surroundings surroundings;
      JsonNode block;
      stay.begin();
      double start = draft.clock.elapsedMillis();
      double end;
      try {
        int discard =
            options.warmupIterations() > 0
                ? SamplingPlan.settlingRuns(
                    sampling.expectedMillis().orElse(0), start - lastRunEndedMillis)
                : 0;
        Duration until = options.maxDuration().minus(sampling.elapsed());
        block = block(discard, iterations, batch, until);
        end = draft.clock.elapsedMillis();
      } finally {
        surroundings = stay.leave();
      }
      sampling.add(block, surroundings, start, end);
    }
  }

  /**
   * Runs that do not count, and say how long one takes. They need no turn of their own, where there
   * are cores enough.
   */
  private void warmUp(Sampling sampling, MeasuringRoom.Stay stay, OptionalDouble restedRunMillis)
      throws AttemptFailure, InterruptedException {
    WarmUp warmUp = new WarmUp(dialogue.options(), restedRunMillis);
    List<double[]> chunks = new ArrayList<>();
    for (int runs = warmUp.next(chunks); runs > 0; runs = warmUp.next(chunks)) {
      inTurn(stay::enterToLoad);
      double[] chunk = Sampling.runs(block(runs - 1, 1, 1, dialogue.options().maxDuration()));
      sampling.warmedUp(chunk);
      chunks.add(chunk);
    }
  }

  private OptionalDouble restedRunMillis() {
    return Boolean.TRUE.equals(draft.warmStart)
        ? OptionalDouble.of(draft.clock.spent(Phase.FIRST_RUN))
        : OptionalDouble.empty();
  }

  private JsonNode block(int discard, int iterations, int batch, Duration until)
      throws AttemptFailure, InterruptedException {
    ObjectNode wanted =
        dialogue
            .message()
            .put("iterations", iterations)
            .put("discard", discard)
            .put("inferencesPerSample", batch);
    wanted.put("untilMillis", Math.max(1, until.toMillis()));
    dialogue.call("measure", wanted);
    JsonNode block = dialogue.await("block");
    lastRunEndedMillis = draft.clock.elapsedMillis();
    return block;
  }

  /** Waiting for the machine is a phase of its own. */
  private void inTurn(Entrance entrance) throws AttemptFailure, InterruptedException {
    double asked = draft.clock.elapsedMillis();
    dialogue
        .callOff()
        .leavable(() -> {
          entrance.enter();
          return true;
        });
    draft.clock.add(Phase.TURN, draft.clock.elapsedMillis() - asked);
  }

  private interface Entrance {
    void enter() throws AttemptFailure, InterruptedException;
  }
}
