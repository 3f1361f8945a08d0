package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.Times;

/**
 * Min-min: of all waiting tasks the one that would end first goes where it would. Ibarra, Kim 1977,
 * "Heuristic algorithms for scheduling independent tasks on nonidentical processors"; Braun et al.
 * 2001. Bound late, as {@link EarliestCompletion}.
 */
public final class MinMin implements Scheduler {
  private final Board board;
  private final Moves moves;
  private final VirtualSlots slots;

  public MinMin(Board board, Times times, Moves moves) {
    this.board = board;
    this.moves = moves;
    this.slots = new VirtualSlots(board, times);
  }

  @Override
  public void decide() {
    if (board.waiting() == 0) {
      return;
    }
    if (!slots.reset()) {
      return;
    }
    int[] heads = new int[board.groups()];
    for (int group = 0; group < heads.length; group++) {
      heads[group] = board.oldest(group);
    }
    int steps = slots.horizon();
    while (slots.freeSlots() > 0 && steps-- > 0) {
      int bestGroup = Board.NONE;
      int bestSlot = Board.NONE;
      double bestEnd = Double.POSITIVE_INFINITY;
      for (int group = 0; group < heads.length; group++) {
        if (heads[group] == Board.NONE) {
          continue;
        }
        int slot = slots.earliest(group);
        if (slot != Board.NONE && slots.end(slot, group) < bestEnd) {
          bestEnd = slots.end(slot, group);
          bestSlot = slot;
          bestGroup = group;
        }
      }
      if (bestGroup == Board.NONE) {
        return;
      }
      int task = heads[bestGroup];
      heads[bestGroup] = board.next(task);
      boolean start = slots.isFree(bestSlot);
      slots.add(bestSlot, bestGroup);
      if (start) {
        moves.start(task, slots.browser(bestSlot));
        slots.started(slots.browser(bestSlot));
      }
    }
  }
}
