package dev.ballast.balancer.rival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.schedule.LiveBoard;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
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

class LeastLoadedTest {
  private static final List<String> KINDS = List.of("chrome", "firefox", "MicrosoftEdge");

  /** Selenium Grid's own selector and ours go through a day of a random fleet side by side. */
  @Property(tries = 200)
  void theOrderIsThatOfSeleniumGrid(@ForAll long seed) {
    Random random = new Random(seed);
    LiveBoard board = new LiveBoard();
    int variant = board.addVariant(1);
    int pools = 1 + random.nextInt(3);
    for (int pool = 0; pool < pools; pool++) {
      board.addPool(new BrowserKind(KINDS.get(pool).toLowerCase(java.util.Locale.ROOT)));
      board.addGroup(new LiveBoard.Group(pool, "model-" + pool, ModelFamily.OTHER));
    }
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      int pool = random.nextInt(pools);
      board.addBrowser(
          pool, new UUID(0, random.nextLong() >>> 1).toString(), 1 + random.nextInt(4), 1000);
    }
    LeastLoaded ours = new LeastLoaded(board, new TestingTimes(variant), new NoMoves());
    Map<Integer, Long> lastStarted = new HashMap<>();

    for (int step = 1; step <= 40; step++) {
      board.moveTo(1 + Math.floorDiv(step, 4));
      int kind = random.nextInt(pools);
      Set<NodeStatus> nodes = new LinkedHashSet<>();
      for (int browser = 0; browser < board.browsers(); browser++) {
        nodes.add(node(board, browser, lastStarted.getOrDefault(browser, 0L)));
      }
      Capabilities wanted = new ImmutableCapabilities("browserName", KINDS.get(kind));

      List<String> theirs =
          new DefaultSlotSelector()
              .selectSlot(wanted, nodes, new DefaultSlotMatcher()).stream()
                  .map(slot -> slot.getOwningNodeId().toString())
                  .distinct()
                  .toList();

      assertThat(ours.order(kind).stream().map(board::browserName)).isEqualTo(theirs);
      change(board, ours, lastStarted, random, variant);
    }
  }

  /** Something starts somewhere, or ends. */
  private static void change(
      LiveBoard board,
      LeastLoaded ours,
      Map<Integer, Long> lastStarted,
      Random random,
      int variant) {
    int browser = random.nextInt(board.browsers());
    if (board.freeSlots(browser) > 0 && random.nextInt(3) > 0) {
      int task = board.addTask(board.pool(browser), board.nowSeconds());
      board.await(task);
      board.start(task, browser, variant, board.nowSeconds() + 1);
      lastStarted.put(browser, (long) (board.nowSeconds() * 1000));
      ours.changed(browser);
    } else if (board.running(browser) > 0) {
      int task = board.runningTask(browser, 0);
      board.finish(task);
      ours.ended(task, browser, true, 1);
    }
  }

  private static NodeStatus node(LiveBoard board, int browser, long lastStartedMillis) {
    NodeId id = new NodeId(UUID.fromString(board.browserName(browser)));
    Capabilities stereotype =
        new ImmutableCapabilities("browserName", KINDS.get(board.pool(browser)));
    URI uri = URI.create("http://localhost:4444");
    Set<Slot> slots = new LinkedHashSet<>();
    for (int i = 0; i < board.slots(browser); i++) {
      @Nullable Session session =
          i < board.running(browser)
              ? new Session(
                  new SessionId(UUID.randomUUID()), uri, stereotype, stereotype, Instant.now())
              : null;
      slots.add(
          new Slot(
              new SlotId(id, UUID.randomUUID()),
              stereotype,
              Instant.ofEpochMilli(lastStartedMillis),
              session));
    }
    return new NodeStatus(
        id,
        uri,
        board.slots(browser),
        slots,
        Availability.UP,
        Duration.ofSeconds(10),
        Duration.ofSeconds(300),
        "4.48.0",
        Map.of("name", "Linux", "arch", "amd64", "version", "6"));
  }

  /** The board is moved by the test alone. */
  private static final class NoMoves implements Moves {
    @Override
    public void start(int task, int browser) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void bind(int task, int browser) {
      throw new UnsupportedOperationException();
    }
  }
}
