package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.Assignment;
import dev.ballast.model.RunOptions;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.measure.Judge;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.Measurement;
import dev.ballast.worker.measure.SamplingPlan;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A model on the runner page: loaded unless it is there, its output checked, then sampled in blocks until the interval is narrow. */
final class ModelRun {
  private final AttemptRunner.Tools tools;
  private final Dialogue dialogue;
  private final AttemptDraft draft;
  private final Residents residents;

  ModelRun(AttemptRunner.Tools tools, Dialogue dialogue, Residents residents) {
    this.tools = tools;
    this.dialogue = dialogue;
    this.draft = dialogue.draft();
    this.residents = residents;
  }

  Verdict measure() throws AttemptFailure, InterruptedException {
    Assignment assignment = draft.assignment();
    ModelShelf.Shelved shelved = shelve(assignment);
    draft.modelSha256 = shelved.sha256();
    ObjectNode job = tools.shelf().job(shelved, assignment, dialogue.message());
    ArrayNode evict = job.putArray("evict");
    residents.evictFor(assignment.model(), assignment.backend(), shelved.memoryBytes()).forEach(evict::add);

    dialogue.start(job);
    JsonNode ready = dialogue.await("ready");
    draft.readReady(ready);
    residents.used(assignment.model(), assignment.backend(), shelved.residentKey(assignment.backend()), shelved.memoryBytes());

    Sampling sampling = new Sampling(draft);
    try (MeasuringRoom.Stay stay = tools.room().visit(dialogue.options().isolation())) {
      boolean narrow = sample(sampling, stay);
      dialogue.call("finish", dialogue.message());
      dialogue.await("done");
      return Judge.judge(measurement(assignment, shelved, ready, sampling, narrow, stay.alone()));
    }
  }

  private ModelShelf.Shelved shelve(Assignment assignment) throws AttemptFailure {
    double before = draft.clock.elapsedMillis();
    ModelShelf.Shelved shelved = tools.shelf().shelve(assignment.model());
    if (shelved.fetched()) {
      draft.clock.add(Phase.DOWNLOAD, draft.clock.elapsedMillis() - before);
    }
    return shelved;
  }

  /** Whether the interval became as narrow as was asked. */
  private boolean sample(Sampling sampling, MeasuringRoom.Stay stay) throws AttemptFailure, InterruptedException {
    RunOptions options = dialogue.options();
    SamplingPlan plan = new SamplingPlan(options);
    while (true) {
      switch (plan.next(sampling.samples(), sampling.blocks().size(), sampling.millis())) {
        case SamplingPlan.Step.Stop(boolean narrow) -> {
          return narrow;
        }
        case SamplingPlan.Step.Block(int discard, int iterations) -> {
          double asked = draft.clock.elapsedMillis();
          stay.enter();
          draft.clock.add(Phase.TURN, draft.clock.elapsedMillis() - asked);
          try {
            Optional<MachineLoad.Reading> before = MachineLoad.read();
            ObjectNode block = dialogue.message().put("iterations", iterations).put("discard", discard);
            block.put("untilMillis", Math.max(1, options.maxDuration().toMillis() - sampling.millis()));
            dialogue.call("measure", block);
            JsonNode answer = dialogue.await("block");
            sampling.add(answer, before, MachineLoad.read());
          } finally {
            stay.leave();
          }
        }
      }
    }
  }

  private Measurement measurement(
      Assignment assignment, ModelShelf.Shelved shelved, JsonNode ready, Sampling sampling, boolean narrow, boolean alone) {
    JsonNode checked = ready.path("correctness");
    return new Measurement(
        assignment.run(),
        assignment.backend(),
        Optional.ofNullable(draft.actualBackend),
        assignment.allowedFallbacks(),
        dialogue.browser().capability().adapter().map(adapter -> adapter.software()).orElse(false),
        shelved.randomWeights(),
        sampling.blocks(),
        sampling.warmedUp(),
        narrow,
        number(checked.path("maxError")),
        number(checked.path("tolerance")),
        sampling.finite() && checked.path("finite").asBoolean(true),
        sampling.hidden(),
        sampling.longestGapMillis(),
        sampling.timerResolutionMillis(),
        sampling.othersCores(),
        sampling.throttledRatio(),
        alone);
  }

  private static OptionalDouble number(@Nullable JsonNode node) {
    return node != null && node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }
}
