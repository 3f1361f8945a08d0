package dev.ballast.simulate.stealing;

import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Chance;
import dev.ballast.simulate.workload.ShortTasks;
import dev.ballast.simulate.workload.ShortTasks.Other;
import dev.ballast.simulate.workload.Traffic;
import dev.ballast.simulate.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * Work where something is handed out ahead, and what goes wrong meanwhile.
 *
 * @param description for people
 * @param hitches of one browser at a time, each some seconds in which it takes several times as
 *     long
 */
public record ShortWork(ShortTasks tasks, String description, boolean hitches) {
  private static final double HITCH_EVERY_SECONDS = 12;
  private static final double HITCH_FACTOR = 10;
  private static final int TASKS = 1_500;

  /** A browser takes {@code factor} times as long for what it starts between those times. */
  record Hitch(int browser, double fromSeconds, double toSeconds, double factor) {}

  /** All that is measured. */
  public static List<ShortWork> all() {
    return List.of(
        steady("short", "tasks of 0.1–0.8 s, one a job", 0.8, 1, List.of()),
        steady("jobs", "the same in jobs of 1–40", 0.7, 40, List.of()),
        steady(
            "mixed",
            "beside them tasks of 5 s, half of the work",
            0.8,
            1,
            List.of(new Other("long", 0.06, 5, 2, 300))),
        steady(
            "big-model",
            "beside them a model that takes most of a browser and 8 s to load",
            0.5,
            1,
            List.of(new Other("big", 0.005, 0.7, 8, 1_500))),
        new ShortWork(
            new ShortTasks("slow-browser", Traffic.POISSON, 0.7, TASKS, 1, List.of()),
            "now and then a browser takes 10 times as long for some seconds",
            true));
  }

  private static ShortWork steady(
      String name, String description, double load, int mostTogether, List<Other> others) {
    return new ShortWork(
        new ShortTasks(name, Traffic.POISSON, load, TASKS, mostTogether, others),
        description,
        false);
  }

  /** The same with only so many tasks. */
  ShortWork withTasks(int count) {
    return new ShortWork(tasks.withTasks(count), description, hitches);
  }

  /** The instance of a replication: the same for every rule. */
  Instance instance(long seed, int replication) {
    Workload workload = tasks.instance(seed, replication);
    List<Integer> classOf = new ArrayList<>();
    for (int at = 0; at < workload.browsers().size(); at++) {
      for (int i = 0; i < workload.browsers().get(at).count(); i++) {
        classOf.add(at);
      }
    }
    int last = workload.arrivals().size() - 1;
    double end = last < 0 ? 0 : workload.arrivals().seconds(last);
    List<Hitch> slow = new ArrayList<>();
    Chance chance = Chance.of(seed, replication, -1);
    for (double at = chance.exponential(HITCH_EVERY_SECONDS);
        hitches && at < end;
        at += chance.exponential(HITCH_EVERY_SECONDS)) {
      slow.add(
          new Hitch(
              chance.between(0, classOf.size() - 1), at, at + chance.uniform(3, 8), HITCH_FACTOR));
    }
    return new Instance(workload, classOf, slow, seed, replication);
  }

  /**
   * One replication.
   *
   * @param classOf class of each browser in the workload
   */
  record Instance(
      Workload workload, List<Integer> classOf, List<Hitch> hitches, long seed, int replication) {
    int model(int task) {
      return workload.arrivals().model(task);
    }

    BrowserClass browsers(int browser) {
      return workload.browsers().get(classOf.get(browser));
    }

    double memoryMiB(int browser) {
      return browsers(browser).memoryMiB();
    }

    /** What the task really takes there, a function of its number: whatever the rule. */
    double serviceSeconds(int task, int browser) {
      Chance chance = Chance.of(seed, replication, task);
      int model = model(task);
      double noise = chance.logNormal(workload.models().get(model).variation());
      return workload.serviceSeconds(model, classOf.get(browser)) * noise;
    }

    double loadSeconds(int task, int browser) {
      return workload.loadSeconds(model(task), classOf.get(browser));
    }

    /** How many times as long what starts there then takes. */
    double slower(int browser, double seconds) {
      double slower = 1;
      for (Hitch hitch : hitches) {
        if (hitch.browser() == browser
            && hitch.fromSeconds() <= seconds
            && seconds < hitch.toSeconds()) {
          slower = Math.max(slower, hitch.factor());
        }
      }
      return slower;
    }
  }
}
