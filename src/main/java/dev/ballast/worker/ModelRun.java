package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.Assignment;
import dev.ballast.model.RunOptions;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.measure.SamplingPlan;

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

  /** {@code whileQuiet} runs after the last sample, before the turn is given back. */
  ModelRun(WorkerTools tools, Dialogue dialogue, Residents residents, Runnable whileQuiet) {
    this.tools = tools;
    this.dialogue = dialogue;
    this.draft = dialogue.draft();
    this.residents = residents;
    this.whileQuiet = whileQuiet;
  }

  Verdict measure() throws AttemptFailure, InterruptedException {
    Assignment assignment = draft.assignment();
    ModelShelf.Shelved shelved = shelve(assignment);
    draft.modelSha256 = shelved.sha256();
    ObjectNode job = tools.shelf().job(shelved, assignment, dialogue.message());
    ArrayNode evict = job.putArray("evict");
    residents
        .evictFor(assignment.model(), assignment.backend(), shelved.memoryBytes())
        .forEach(evict::add);

    Sampling sampling = new Sampling(draft);
    JsonNode ready;
    try (MeasuringRoom.Stay stay = tools.room().visit(dialogue.options().isolation())) {
      inTurn(stay::enterToLoad);
      dialogue.start(job);
      ready = dialogue.await("ready");
      draft.readReady(ready);
      residents.used(
          assignment.model(),
          assignment.backend(),
          shelved.residentKey(assignment.backend()),
          shelved.memoryBytes());
      sample(sampling, stay);
      whileQuiet.run();
    }
    dialogue.call("finish", dialogue.message());
    dialogue.await("done");
    return sampling.judge(
        ready.path("correctness"),
        dialogue.browser().capability().adapter(),
        shelved.randomWeights());
  }

  private ModelShelf.Shelved shelve(Assignment assignment) throws AttemptFailure {
    double before = draft.clock.elapsedMillis();
    ModelShelf.Shelved shelved = tools.shelf().shelve(assignment.model());
    if (shelved.fetched()) {
      draft.clock.add(Phase.DOWNLOAD, draft.clock.elapsedMillis() - before);
    }
    return shelved;
  }

  private void sample(Sampling sampling, MeasuringRoom.Stay stay)
      throws AttemptFailure, InterruptedException {
    RunOptions options = dialogue.options();
    SamplingPlan plan = new SamplingPlan(options);
    int discard = options.warmupIterations();
    while (plan.next(sampling.blocks(), sampling.elapsed(), sampling.lastWarmupMillis())
        instanceof SamplingPlan.Step.Block(int iterations)) {
      inTurn(stay::enter);
      MeasuringRoom.Surroundings surroundings;
      JsonNode block;
      try {
        ObjectNode wanted =
            dialogue.message().put("iterations", iterations).put("discard", discard);
        wanted.put(
            "untilMillis", Math.max(1, options.maxDuration().minus(sampling.elapsed()).toMillis()));
        dialogue.call("measure", wanted);
        block = dialogue.await("block");
      } finally {
        surroundings = stay.leave();
      }
      sampling.add(block, surroundings);
      // One run after each hand-over warms the caches that another browser has emptied meanwhile.
      discard = Math.min(1, options.warmupIterations());
    }
  }

  /** Waiting for the machine is a phase of its own. */
  private void inTurn(Entrance entrance) throws AttemptFailure, InterruptedException {
    double asked = draft.clock.elapsedMillis();
    entrance.enter();
    draft.clock.add(Phase.TURN, draft.clock.elapsedMillis() - asked);
  }

  private interface Entrance {
    void enter() throws AttemptFailure, InterruptedException;
  }
}
