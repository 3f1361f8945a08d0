package dev.ballast.operator.job;

import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Outcome;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the tasks of each job that its user would ask about, added up, so that it can be
 * told in a sentence and seldom: retries, moves with what they gained, and the last failure.
 */
final class Chronicle {
  private final DispatchLoop dispatch;
  private final Map<String, Story> stories = new ConcurrentHashMap<>();

  /** Where unfinished tasks are bound, and which of them were given back there. */
  private final Map<TaskId, Place> places = new HashMap<>();

  private record Place(WorkerId worker, boolean returned) {}

  /** Of one job, since it was last told. */
  private static final class Story {
    private int retries;
    private @Nullable AttemptResult lastRetried;
    private @Nullable AttemptResult lastFailed;
    private int moves;
    private @Nullable Move lastMove;

    private record Move(TaskId task, WorkerId from, WorkerId to) {}
  }

  Chronicle(DispatchLoop dispatch) {
    this.dispatch = dispatch;
  }

  /** On dispatch's own thread: only notes it. */
  void hear(Event event) {
    switch (event) {
      case Event.AttemptBound bound -> {
        Place before = places.put(bound.attempt().task(), new Place(bound.worker(), false));
        if (before != null && before.returned() && !before.worker().equals(bound.worker())) {
          moved(new Story.Move(bound.attempt().task(), before.worker(), bound.worker()));
        }
      }
      case Event.AttemptReturned returned ->
          places.computeIfPresent(
              returned.attempt().task(), (_, place) -> new Place(place.worker(), true));
      case Event.AttemptEnded ended -> {
        places.remove(new TaskId(ended.result().uid(), ended.result().index()));
        if (ended.result().outcome() != Outcome.SUCCEEDED) {
          failed(ended.result(), ended.retryAt().isPresent());
        }
      }
      case Event.JobEnded ended -> places.keySet().removeIf(task -> task.job().equals(ended.uid()));
      case Event.JobForgotten forgotten -> stories.remove(forgotten.uid());
      default -> {
        // Nothing to ask about.
      }
    }
  }

  private void failed(AttemptResult result, boolean again) {
    stories.compute(
        result.uid(),
        (_, known) -> {
          Story story = known == null ? new Story() : known;
          if (again) {
            story.retries++;
            story.lastRetried = result;
          } else {
            story.lastFailed = result;
          }
          return story;
        });
  }

  private void moved(Story.Move move) {
    stories.compute(
        move.task().job(),
        (_, known) -> {
          Story story = known == null ? new Story() : known;
          story.moves++;
          story.lastMove = move;
          return story;
        });
  }

  /** Retries since this was last asked, in a sentence. */
  Optional<String> retries(String uid) {
    String[] sentence = new String[1];
    stories.computeIfPresent(
        uid,
        (_, story) -> {
          if (story.lastRetried != null) {
            sentence[0] =
                "%s again; the last was %s"
                    .formatted(tasks(story.retries, "runs", "run"), describe(story.lastRetried));
            story.retries = 0;
            story.lastRetried = null;
          }
          return story;
        });
    return Optional.ofNullable(sentence[0]);
  }

  /** Moves since this was last asked, in a sentence. */
  Optional<String> moves(String uid) {
    int[] count = new int[1];
    Story.Move[] last = new Story.Move[1];
    stories.computeIfPresent(
        uid,
        (_, story) -> {
          count[0] = story.moves;
          last[0] = story.lastMove;
          story.moves = 0;
          story.lastMove = null;
          return story;
        });
    Story.Move move = last[0];
    return move == null
        ? Optional.empty()
        : Optional.of(
            "%s to another browser before it started; the last was index %d, from %s to %s%s"
                .formatted(
                    tasks(count[0], "moved", "moved"),
                    move.task().index(),
                    move.from(),
                    move.to(),
                    gain(move).map(", "::concat).orElse("")));
  }

  /** What a task that failed for good failed of; empty, if none did. */
  Optional<String> lastFailure(String uid) {
    Story story = stories.get(uid);
    return Optional.ofNullable(story == null ? null : story.lastFailed).map(Chronicle::describe);
  }

  /** As it was expected when it was moved; a drain moves what would be done sooner where it is. */
  private Optional<String> gain(Story.Move move) {
    OptionalDouble sooner = dispatch.secondsSooner(move.task());
    return sooner.isPresent()
        ? Optional.of("%.1f s sooner".formatted(sooner.getAsDouble()))
        : Optional.empty();
  }

  private static String tasks(int count, String one, String many) {
    return count == 1 ? "a task " + one : "%d tasks %s".formatted(count, many);
  }

  private static String describe(AttemptResult result) {
    return "index %d on %s: %s%s%s"
        .formatted(
            result.index(),
            result.worker(),
            result.outcome(),
            result.code() == null ? "" : " (" + result.code() + ")",
            result.message() == null ? "" : ", " + result.message());
  }
}
