package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.measure.Judge;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.Measurement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A page of the user's own: it measures itself between {@code start} and its samples, while the machine is kept free for it. */
final class OwnPageRun {
  private final AttemptRunner.Tools tools;
  private final Dialogue dialogue;
  private final AttemptDraft draft;

  OwnPageRun(AttemptRunner.Tools tools, Dialogue dialogue) {
    this.tools = tools;
    this.dialogue = dialogue;
    this.draft = dialogue.draft();
  }

  Verdict measure() throws AttemptFailure, InterruptedException {
    draft.warmStart = false;
    draft.actualBackend = draft.assignment().backend();
    Sampling sampling = new Sampling(draft);
    try (MeasuringRoom.Stay stay = tools.room().visit(dialogue.options().isolation())) {
      double asked = draft.clock.elapsedMillis();
      stay.enter();
      draft.clock.add(Phase.TURN, draft.clock.elapsedMillis() - asked);
      JsonNode answer;
      try {
        Optional<MachineLoad.Reading> before = MachineLoad.read();
        dialogue.start(job());
        answer = dialogue.await("samples");
        sampling.add(answer, before, MachineLoad.read());
        dialogue.await("done");
      } finally {
        stay.leave();
      }
      if (sampling.samples().length == 0) {
        throw new AttemptFailure(Outcome.FAILED, "page-error", "the page reported no samples");
      }
      if (answer.hasNonNull("actualBackend")) {
        draft.actualBackend = new Backend(answer.path("actualBackend").asText());
      }
      draft.readCorrectness(answer.path("correctness"));
      return Judge.judge(measurement(answer, sampling, stay.alone()));
    }
  }

  private ObjectNode job() {
    Assignment assignment = draft.assignment();
    RunOptions run = assignment.run();
    ObjectNode job = dialogue.message();
    job.put("attempt", assignment.attempt().toString()).put("name", assignment.model().name()).put("backend", assignment.backend().name());
    ObjectNode options = job.putObject("run");
    options.put("warmupIterations", run.warmupIterations()).put("minIterations", run.minIterations()).put("maxIterations", run.maxIterations());
    options.put("targetCiWidthRatio", run.targetCiWidthRatio()).put("maxDurationMillis", run.maxDuration().toMillis());
    return job;
  }

  private Measurement measurement(JsonNode answer, Sampling sampling, boolean alone) {
    Assignment assignment = draft.assignment();
    JsonNode checked = answer.path("correctness");
    double[] samples = sampling.samples();
    boolean narrow = samples.length >= 2 && Summary.of(samples).relativeWidth() <= assignment.run().targetCiWidthRatio();
    int warmedUp = Math.max(sampling.warmedUp(), draft.clock.spent(Phase.WARMUP) > 0 ? 1 : 0);
    return new Measurement(
        assignment.run(),
        assignment.backend(),
        Optional.ofNullable(draft.actualBackend),
        assignment.allowedFallbacks(),
        dialogue.browser().capability().adapter().map(adapter -> adapter.software()).orElse(false),
        false,
        List.copyOf(sampling.blocks()),
        warmedUp,
        narrow,
        checked.path("maxError").isNumber() ? OptionalDouble.of(checked.path("maxError").asDouble()) : OptionalDouble.empty(),
        checked.path("tolerance").isNumber() ? OptionalDouble.of(checked.path("tolerance").asDouble()) : OptionalDouble.empty(),
        checked.path("finite").asBoolean(true) && allFinite(samples),
        sampling.hidden(),
        sampling.longestGapMillis(),
        sampling.timerResolutionMillis().isPresent() ? sampling.timerResolutionMillis() : dialogue.browser().capability().timerResolutionMillis(),
        sampling.othersCores(),
        sampling.throttledRatio(),
        alone);
  }

  private static boolean allFinite(double[] samples) {
    for (double sample : samples) {
      if (!Double.isFinite(sample)) {
        return false;
      }
    }
    return true;
  }
}
