package dev.ballast.simulate.torture;

import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Command.JobChange;
import dev.ballast.dispatch.JobView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.JobSpec;
import dev.ballast.simulate.protocol.ProtocolWorker;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What users and the world do to a run, one thing at a time, drawn from its seed. */
final class Mischief {
  private static final int JOBS = 6;

  private final Scene scene;
  private final Reigns reigns;
  private final Post post;

  Mischief(Scene scene, Reigns reigns, Post post) {
    this.scene = scene;
    this.reigns = reigns;
    this.post = post;
  }

  void happen() {
    switch (scene.random.nextInt(28)) {
      case 0, 1 -> submit();
      case 2 -> reigns.die();
      case 3 -> reigns.failNextWrite(scene.random.nextBoolean());
      case 4 -> kill(scene.anyWorker());
      case 5 -> freeze(scene.anyWorker());
      case 6 -> drain(scene.anyWorker());
      case 7 -> scaleDown(scene.anyWorker());
      case 8 -> move(scene.anyWorker());
      case 9 -> change();
      case 10 -> reigns.snapshot();
      case 11 -> reigns.depose();
      case 12 -> reigns.jump();
      case 13, 14, 15, 16, 17, 18 -> post.send(scene.anyWorker());
      case 19, 20, 21, 22 -> work(scene.anyWorker());
      default -> post.deliver();
    }
  }

  private void submit() {
    if (scene.tally.jobs >= JOBS) {
      return;
    }
    scene.tally.jobs++;
    String uid = "job-" + scene.tally.jobs;
    JobSpec spec = TortureJobs.next("j" + scene.tally.jobs, scene.random);
    scene.tally.tasks += spec.taskCount();
    scene.say(() -> "a user submits %s: %d tasks".formatted(uid, spec.taskCount()));
    reigns.command(next -> new Command.SubmitJob(next, uid, spec));
  }

  /** The worker's process dies and starts again. */
  void kill(ProtocolWorker worker) {
    scene.say(() -> "%s is killed; it ran %s".formatted(worker.id(), worker.running()));
    worker.restart();
    scene.wire.cut(worker);
    scene.tally.kills++;
  }

  private void freeze(ProtocolWorker worker) {
    Instant until = scene.now.plusMillis(scene.random.nextInt(15_000));
    scene.freeze(worker, until);
    scene.say(() -> "%s freezes until %s".formatted(worker.id(), until));
    scene.tally.freezes++;
  }

  private void drain(ProtocolWorker worker) {
    scene.say(() -> "%s is drained; it runs %s".formatted(worker.id(), worker.running()));
    reigns.command(next -> new Command.DrainWorker(next, worker.id()));
  }

  /** Its pod is deleted: whoever did that takes its process away as well. */
  private void scaleDown(ProtocolWorker worker) {
    drain(worker);
    if (scene.random.nextInt(3) == 0) {
      kill(worker);
      reigns.gone(worker.id());
    }
  }

  private void move(ProtocolWorker worker) {
    for (AttemptId attempt : worker.bound()) {
      scene.say(() -> "%s is to be moved from %s".formatted(attempt, worker.id()));
      post.asksToMove(attempt);
      reigns.command(next -> new Command.MoveTask(next, attempt));
      scene.tally.moves++;
    }
  }

  private void change() {
    List<JobView> all = reigns.dispatch().jobs();
    if (all.isEmpty()) {
      return;
    }
    JobView job = all.get(scene.random.nextInt(all.size()));
    if (scene.random.nextInt(4) == 0) {
      scene.say(() -> "a user cancels " + job.uid());
      reigns.command(next -> new Command.CancelJob(next, job.uid(), "torture"));
      return;
    }
    JobChange change =
        new JobChange(
            Optional.of(scene.random.nextInt(3) == 0),
            scene.random.nextBoolean()
                ? Optional.of(1 + scene.random.nextInt(4))
                : Optional.empty(),
            Optional.of(scene.random.nextInt(3)));
    scene.say(() -> "a user changes %s: %s".formatted(job.uid(), change));
    reigns.command(next -> new Command.ChangeJob(next, job.uid(), change));
  }

  private void work(ProtocolWorker worker) {
    worker.startAll();
    for (AttemptId attempt : worker.running()) {
      if (scene.random.nextInt(3) > 0) {
        worker.finish(
            attempt,
            Outcomes.draw(scene.random),
            Outcomes.effort(scene.now, 1 + scene.random.nextInt(100)));
      }
    }
  }
}
