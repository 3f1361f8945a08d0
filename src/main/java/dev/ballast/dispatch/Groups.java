package dev.ballast.dispatch;

import dev.ballast.balancer.PoolTimes;
import dev.ballast.balancer.TaskView;
import dev.ballast.balancer.schedule.LiveBoard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The numbers that tasks which are alike have on a board, and the lanes in which they wait. */
final class Groups {
  private static final int MOST = 256;

  /** The deck that these are the groups of. */
  private final long deck;

  private final LiveBoard board;
  private final PoolTimes times;

  /** In the order of their coming, so that a run under the same seed is the same run. */
  private final Map<TaskView, Integer> numbers = new LinkedHashMap<>();

  private final List<Set<Lane>> lanes = new ArrayList<>();

  Groups(long deck, LiveBoard board, PoolTimes times) {
    this.deck = deck;
    this.board = board;
    this.times = times;
  }

  /** The group of tasks like that one. */
  int of(TaskView view) {
    Integer known = numbers.get(view);
    if (known != null) {
      return known;
    }
    int added = board.addGroup(new LiveBoard.Group(numbers.size(), view.model(), view.family()));
    times.addGroup(view);
    numbers.put(view, added);
    lanes.add(new LinkedHashSet<>());
    return added;
  }

  /** The group of the lane's tasks, which wait there from now on. */
  int of(Lane lane, Supplier<TaskView> view) {
    if (lane.board != deck) {
      lane.board = deck;
      lane.group = of(view.get());
    }
    lanes.get(lane.group).add(lane);
    return lane.group;
  }

  /** The same; -1 while they are not on this board. */
  int find(Lane lane) {
    return lane.board == deck ? lane.group : -1;
  }

  Collection<Lane> lanes(int group) {
    return lanes.get(group);
  }

  /** Nothing waits in the lane any longer. */
  void emptied(Lane lane) {
    if (lane.board == deck) {
      lanes.get(lane.group).remove(lane);
    }
  }

  /** Whether there are many, and most of them of tasks that are over. */
  boolean areMostlyEmpty() {
    if (numbers.size() <= MOST) {
      return false;
    }
    int live = 0;
    for (Set<Lane> group : lanes) {
      live += group.isEmpty() ? 0 : 1;
    }
    return numbers.size() > 4 * live;
  }

  /** What is known of those of another board is known here, too, unless that is too much. */
  void takeOver(Groups former) {
    if (former.numbers.size() <= MOST) {
      former.numbers.keySet().forEach(this::of);
    }
  }

  /** The numbers here of another board's groups, by their number there; -1: there is none. */
  int[] numbersOf(Groups former) {
    int[] here = new int[former.numbers.size()];
    Arrays.fill(here, -1);
    former.numbers.forEach((view, number) -> here[number] = numbers.getOrDefault(view, -1));
    return here;
  }
}
