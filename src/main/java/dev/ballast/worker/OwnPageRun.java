package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import java.net.URI;

/**
 * A page of the user's own: it measures itself between {@code start} and its samples, while the
 * machine is kept free for it.
 */
final class OwnPageRun {
  private final WorkerTools tools;
  private final Dialogue dialogue;
  private final AttemptDraft draft;
  private final Runnable whileQuiet;

  OwnPageRun(WorkerTools tools, Dialogue dialogue, Runnable whileQuiet) {
    this.tools = tools;
    this.dialogue = dialogue;
    this.draft = dialogue.draft();
    this.whileQuiet = whileQuiet;
  }

  Verdict measure() throws AttemptFailure, InterruptedException {
    URI url = ((ModelSource.Page) draft.assignment().model().source()).url();
    dialogue.load(tools.shelf().page(url));
    draft.warmStart = false;
    draft.actualBackend = draft.assignment().backend();
    Sampling sampling = new Sampling(draft);
    JsonNode answer;
    try (MeasuringRoom.Stay stay =
        tools.room().visit(dialogue.options().isolation(), dialogue.browser().browser())) {
      double asked = draft.clock.elapsedMillis();
      dialogue
          .callOff()
          .leavable(() -> {
            stay.enter();
            return true;
          });
      draft.clock.add(Phase.TURN, draft.clock.elapsedMillis() - asked);
      MeasuringRoom.Surroundings surroundings;
      stay.begin();
      double start = draft.clock.elapsedMillis();
      double end;
      try {
        dialogue.start(job());
        answer = dialogue.await("samples");
        dialogue.await("done");
        end = draft.clock.elapsedMillis();
      } finally {
        surroundings = stay.leave();
      }
      whileQuiet.run();
      if (draft.clock.spent(Phase.WARMUP) > 0) {
        sampling.warmedUp(0);
      }
      sampling.timerResolutionOfOwnPage(answer);
      sampling.add(answer, surroundings, start, end);
    }
    if (draft.samples.isEmpty()
        || draft.samples.stream().anyMatch(sample -> !Double.isFinite(sample) || sample < 0)) {
      throw new AttemptFailure(
          Outcome.FAILED,
          "page-error",
          "the page reported no samples, or some that are not times: " + answer.path("samples"));
    }
    if (answer.hasNonNull("actualBackend")) {
      draft.actualBackend = new Backend(answer.path("actualBackend").asText());
    }
    draft.readCorrectness(answer.path("correctness"));
    return sampling.judge(
        answer.path("correctness"), dialogue.browser().capability().adapter(), false);
  }

  private ObjectNode job() {
    Assignment assignment = draft.assignment();
    RunOptions run = assignment.run();
    ObjectNode job = dialogue.message();
    job.put("attempt", assignment.attempt().toString())
        .put("name", assignment.model().name())
        .put("backend", assignment.backend().name());
    ObjectNode options = job.putObject("run");
    options
        .put("warmupIterations", run.warmupIterations())
        .put("minIterations", run.minIterations())
        .put("maxIterations", run.maxIterations());
    options
        .put("targetCiWidthRatio", run.targetCiWidthRatio())
        .put("maxDurationMillis", run.maxDuration().toMillis());
    return job;
  }
}
