package dev.ballast.simulate.torture;

import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Command.JobChange;
import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.JobView;
import dev.ballast.model.AttemptId;
import dev.ballast.simulate.protocol.ProtocolWorker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One run: a controller, a few workers and a store under faults, all of them drawn from a seed. The
 * promises are checked at every step; when the faults stop, every job must end.
 */
final class Torture {
  private final Scene scene;
  private final Reigns reigns;
  private final Post post;
  private final Mischief mischief;

  private Torture(long seed, boolean written) {
    scene = new Scene(seed, written);
    Eyewitness witness = new Eyewitness(scene);
    reigns = new Reigns(scene, witness);
    post = new Post(scene, reigns, witness);
    mischief = new Mischief(scene, reigns, post);
  }

  /** Runs that seed; throws {@link BrokenPromiseException}. */
  static Tally run(long seed) {
    Torture torture = new Torture(seed, false);
    torture.run();
    return torture.scene.tally;
  }

  /** The same run again, in words, up to where it breaks a promise. */
  static List<String> tell(long seed) {
    Torture torture = new Torture(seed, true);
    try {
      torture.run();
    } catch (RuntimeException broken) {
      torture.scene.say(() -> "BROKEN: " + broken.getMessage());
    }
    return torture.scene.lines();
  }

  private void run() {
    int steps = 60 + scene.random.nextInt(120);
    for (int step = 0; step < steps; step++) {
      reigns.pass(
          Duration.ofMillis(scene.random.nextInt(scene.random.nextInt(10) == 0 ? 7_000 : 400)));
      mischief.happen();
    }
    settle();
    reigns.replayIsState();
  }

  /** Without faults: everyone speaks, every message arrives, drained workers come back. */
  private void settle() {
    reigns.calmDown();
    scene.wire.clear();
    for (JobView job : reigns.dispatch().jobs()) {
      if (job.state() == JobState.SUSPENDED) {
        JobChange resume = new JobChange(Optional.of(false), Optional.of(5), Optional.empty());
        reigns.command(next -> new Command.ChangeJob(next, job.uid(), resume));
      }
    }
    for (int round = 0; round < 2_000; round++) {
      reigns.pass(Duration.ofMillis(500));
      scene.workers.values().forEach(this::liveOn);
      if (reigns.dispatch().jobs().stream().allMatch(job -> job.state().ended())) {
        return;
      }
    }
    throw new BrokenPromiseException(
        "not every job ended: "
            + reigns.dispatch().jobs().stream().filter(job -> !job.state().ended()).toList());
  }

  private void liveOn(ProtocolWorker worker) {
    if (worker.draining() && worker.running().isEmpty()) {
      mischief.kill(worker);
    }
    scene.thaw(worker);
    post.exchange(worker);
    worker.startAll();
    for (AttemptId attempt : worker.running()) {
      worker.finish(attempt, Outcomes.GOOD, Outcomes.effort(scene.now, 10));
    }
  }
}
