package dev.ballast.simulate.stealing;

import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.Observation;
import dev.ballast.balancer.PlacementSettings;
import dev.ballast.balancer.ProfileKey;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.schedule.Stealing;
import dev.ballast.dispatch.Command;
import dev.ballast.model.Backend;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import dev.ballast.model.WorkerId;
import dev.ballast.simulate.protocol.ProtocolWorker;
import dev.ballast.simulate.workload.Arrivals;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Chance;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** One run: a controller, its workers, and jobs that come. What the models take is known before. */
final class Trial {
  /** Results of each model in each kind of browser that the history has. */
  private static final int KNOWN = 8;

  /** A run in which nothing was lost is over long before. */
  private static final double PATIENCE_SECONDS = 600;

  /** The version that {@link ProtocolWorker} tells of its browser. */
  private static final String VERSION = "1.0";

  private Trial() {}

  static Figures run(ShortWork.Instance work, Stealing rule) {
    Timeline time = new Timeline();
    Diary diary = new Diary(work.workload().arrivals().size());
    Controller controller =
        new Controller(
            time,
            known(work),
            PlacementSettings.DEFAULTS.withStealing(rule),
            work.seed(),
            event -> diary.durable(event, time.seconds()));
    World world = new World(work, time, controller, diary);
    SplittableRandom names = new SplittableRandom(work.seed());
    for (int browser = 0; browser < work.classOf().size(); browser++) {
      new Station(new ProtocolWorker(site(work, browser), names), browser, world).begin();
    }
    double end = submitAll(world);
    while (diary.isOpen() && time.seconds() < end + PATIENCE_SECONDS && time.step()) {
      // Each step is what happens next.
    }
    return diary.figures(controller.moves().completed());
  }

  private static ProtocolWorker.Site site(ShortWork.Instance work, int browser) {
    BrowserClass of = work.browsers(browser);
    return new ProtocolWorker.Site(
        new WorkerId("%s-%02d".formatted(of.name(), browser)),
        of.name(),
        of.kind(),
        of.slots(),
        (long) (of.memoryMiB() * (1 << 20)),
        of.backends(),
        Optional.empty());
  }

  /** Tasks of one model that come together are a job; when the last one comes. */
  private static double submitAll(World world) {
    Arrivals arrivals = world.work().workload().arrivals();
    int first = 0;
    while (first < arrivals.size()) {
      int next = first + 1;
      while (next < arrivals.size()
          && arrivals.seconds(next) == arrivals.seconds(first)
          && arrivals.model(next) == arrivals.model(first)) {
        next++;
      }
      submit(world, first, next - first);
      first = next;
    }
    return first == 0 ? 0 : arrivals.seconds(first - 1);
  }

  private static void submit(World world, int first, int count) {
    String uid = "job-" + first;
    JobSpec spec = job(uid, world.work().workload(), world.work().model(first), count);
    double seconds = world.work().workload().arrivals().seconds(first);
    world
        .time()
        .after(
            seconds,
            () -> {
              world.diary().comes(uid, first, count, seconds);
              world
                  .controller()
                  .command(ticket -> new Command.SubmitJob(ticket, uid, spec), _ -> {});
            });
  }

  private static JobSpec job(String name, Workload workload, int model, int tasks) {
    SimulatedModel of = workload.models().get(model);
    return new JobSpec(
        "default",
        name,
        Map.of(),
        0,
        1,
        OptionalInt.empty(),
        false,
        List.of(
            new TestModel(of.name(), of.family(), new ModelSource.Builtin(of.name()), List.of())),
        List.of(Backend.WASM),
        List.of(),
        tasks,
        RunOptions.DEFAULTS,
        Requirements.NONE,
        0,
        OptionalInt.empty(),
        Optional.empty(),
        List.of());
  }

  /** The history: a few results of each model everywhere. */
  private static Profiles known(ShortWork.Instance work) {
    Workload workload = work.workload();
    Profiles profiles = new Profiles(workload.priors());
    for (int i = 0; i < KNOWN; i++) {
      for (int model = 0; model < workload.models().size(); model++) {
        for (int at = 0; at < workload.browsers().size(); at++) {
          profiles.learn(seen(work, model, at, i));
        }
      }
    }
    return profiles;
  }

  private static Observation seen(ShortWork.Instance work, int model, int at, int number) {
    SimulatedModel of = work.workload().models().get(model);
    BrowserClass browsers = work.workload().browsers().get(at);
    double noise =
        Chance.of(work.seed(), work.replication(), -2, model, at, number).logNormal(of.variation());
    double seconds = work.workload().serviceSeconds(model, at) * noise;
    return new Observation(
        new ProfileKey(
            of.name(),
            of.family(),
            browsers.kind(),
            VERSION,
            Backend.WASM,
            Hardware.of(Backend.WASM, Optional.empty())),
        true,
        OptionalDouble.of(seconds),
        OptionalDouble.of(seconds / 10),
        OptionalDouble.of(work.workload().loadSeconds(model, at)),
        OptionalLong.of((long) (of.memoryMiB() * (1 << 20))));
  }
}
