package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.LiveBoard;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openqa.selenium.Capabilities;
import org.openqa.selenium.ImmutableCapabilities;
import org.openqa.selenium.grid.data.Availability;
import org.openqa.selenium.grid.data.DefaultSlotMatcher;
import org.openqa.selenium.grid.data.NodeId;
import org.openqa.selenium.grid.data.NodeStatus;
import org.openqa.selenium.grid.data.Session;
import org.openqa.selenium.grid.data.Slot;
import org.openqa.selenium.grid.data.SlotId;
import org.openqa.selenium.grid.distributor.selector.DefaultSlotSelector;
import org.openqa.selenium.remote.SessionId;

/**
 * One placement in a busy fleet: a task ends, another arrives, and the rule decides; the programme
 * that it solves now and then and all bookkeeping are in the time. Beside it one call of Selenium
 * Grid's slot selector on as many nodes, its bookkeeping not counted.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecisionBenchmark {
  private static final int SLOTS = 2;
  private static final int MODELS = 12;
  private static final List<String> KINDS = List.of("chrome", "firefox", "MicrosoftEdge");

  /** As in seed-mix: vision, audio, text-embedding, llm, three models each, on three kinds. */
  private static final double[][] SECONDS = {
    {4 / 1.2, 4, 4}, {4, 4 / 1.55, 4}, {4, 4, 4 / 1.35}, {4 / 1.05, 4, 4}
  };

  private static final double[] SHARES = {0.4, 0.3, 0.2, 0.1};

  @Param({"100", "1000", "10000"})
  public int browsers;

  /** Our rule, in a fleet with that share of the slots in use, and a queue where it exceeds 1. */
  @State(Scope.Benchmark)
  public static class Ours {
    @Param({"0.85", "1.1"})
    public double load;

    private final LiveBoard board = new LiveBoard();
    private final Random random = new Random(1);
    private final PriorityQueue<Running> running =
        new PriorityQueue<>((a, b) -> Double.compare(a.end(), b.end()));
    private BrowserAwareScheduler scheduler;

    private record Running(double end, int task, int browser) {}

    @Setup
    public void fill(DecisionBenchmark fleet) {
      for (int model = 0; model < MODELS; model++) {
        board.addGroup(
            new LiveBoard.Group(model, "model-" + model, ModelFamily.values()[model / 3]));
        board.addVariant(new double[] {250, 375, 500}[model % 3]);
      }
      for (String kind : KINDS) {
        board.addPool(new BrowserKind(kind.toLowerCase(Locale.ROOT)));
      }
      for (int i = 0; i < fleet.browsers; i++) {
        board.addBrowser(i % 3, "browser-" + i, SLOTS, 2048);
      }
      scheduler = new BrowserAwareScheduler(board, TIMES, new Start(), Tuning.DEFAULTS);
      int tasks = (int) (load * SLOTS * fleet.browsers);
      for (int task = 0; task < tasks; task++) {
        board.moveTo(task * 4.0 / tasks);
        while (!running.isEmpty() && running.peek().end() <= board.nowSeconds()) {
          replace();
        }
        arrive();
        scheduler.decide();
      }
      for (int i = 0; i < 4 * tasks; i++) {
        replace();
      }
    }

    private void arrive() {
      double pick = random.nextDouble();
      int family = 0;
      while (family < SHARES.length - 1 && pick >= SHARES[family]) {
        pick -= SHARES[family++];
      }
      int task = board.addTask(3 * family + random.nextInt(3), board.nowSeconds());
      board.await(task);
      scheduler.arrived(task);
    }

    int replace() {
      Running first = running.remove();
      board.moveTo(Math.max(board.nowSeconds(), first.end()));
      board.finish(first.task());
      scheduler.ended(first.task(), first.browser(), true, 4);
      arrive();
      scheduler.decide();
      return running.size();
    }

    private final class Start implements Moves {
      @Override
      public void start(int task, int browser) {
        int group = board.group(task);
        double expected = TIMES.serviceSeconds(group, board.pool(browser));
        boolean loads = !board.resident(browser, group);
        double end = board.nowSeconds() + expected + (loads ? 3 : 0);
        board.start(task, browser, group, end);
        double noise = Math.exp(0.25 * random.nextGaussian());
        running.add(new Running(board.nowSeconds() + (end - board.nowSeconds()) * noise, task, browser));
      }

      @Override
      public void bind(int task, int browser) {
        throw new UnsupportedOperationException();
      }
    }
  }

  private static final Times TIMES =
      new Times() {
        @Override
        public double serviceSeconds(int group, int pool) {
          return SECONDS[group / 3][pool];
        }

        @Override
        public double loadSeconds(int group, int pool) {
          return 3;
        }

        @Override
        public int variant(int group, int pool) {
          return group;
        }

        @Override
        public double relativeError(int group, int pool) {
          return 0.1;
        }

        @Override
        public double successRatio(int group, int pool) {
          return 1;
        }

        @Override
        public long version() {
          return 1;
        }
      };

  /** Selenium Grid, with 85 % of the slots in use. */
  @State(Scope.Benchmark)
  public static class Grid {
    private final DefaultSlotSelector selector = new DefaultSlotSelector();
    private final DefaultSlotMatcher matcher = new DefaultSlotMatcher();
    private final Set<NodeStatus> nodes = new LinkedHashSet<>();
    private final Capabilities wanted =
        new ImmutableCapabilities("browserName", KINDS.getFirst());

    @Setup
    public void fill(DecisionBenchmark fleet) {
      Random random = new Random(1);
      for (int i = 0; i < fleet.browsers; i++) {
        nodes.add(node(KINDS.get(i % 3), random));
      }
    }
  }

  private static NodeStatus node(String kind, Random random) {
    NodeId id = new NodeId(new UUID(0, random.nextLong() >>> 1));
    Capabilities stereotype = new ImmutableCapabilities("browserName", kind);
    URI uri = URI.create("http://localhost:4444");
    Set<Slot> slots = new LinkedHashSet<>();
    for (int i = 0; i < SLOTS; i++) {
      Session session =
          random.nextDouble() < 0.85
              ? new Session(
                  new SessionId(UUID.randomUUID()), uri, stereotype, stereotype, Instant.EPOCH)
              : null;
      slots.add(
          new Slot(
              new SlotId(id, UUID.randomUUID()),
              stereotype,
              Instant.ofEpochMilli(random.nextInt(100_000)),
              session));
    }
    return new NodeStatus(
        id,
        uri,
        SLOTS,
        slots,
        Availability.UP,
        Duration.ofSeconds(10),
        Duration.ofSeconds(300),
        "4.48.0",
        Map.of("name", "Linux", "arch", "amd64", "version", "6"));
  }

  @Benchmark
  public int ballast(Ours ours) {
    return ours.replace();
  }

  @Benchmark
  public Set<SlotId> seleniumGrid(Grid grid) {
    return grid.selector.selectSlot(grid.wanted, grid.nodes, grid.matcher);
  }
}
