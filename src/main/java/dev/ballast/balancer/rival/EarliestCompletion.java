package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.Times;

/**
 * Minimum completion time (MCT): each task in the order of arrival goes where it would end first.
 * Braun et al. 2001, "A comparison of eleven static heuristics for mapping a class of independent
 * tasks onto heterogeneous distributed computing systems". Bound late: the thoughts are made anew
 * whenever a slot is free, and only what would go to a free slot starts.
 */
public final class EarliestCompletion implements Scheduler {
  private final Board board;
  private final Moves moves;
  private final VirtualSlots slots;

  public EarliestCompletion(Board board, Times times, Moves moves) {
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
      int task = Board.NONE;
      for (int head : heads) {
        if (head != Board.NONE && (task == Board.NONE || Order.older(board, head, task) == head)) {
          task = head;
        }
      }
      if (task == Board.NONE) {
        return;
      }
      int group = board.group(task);
      heads[group] = board.next(task);
      int slot = slots.earliest(group);
      if (slot == Board.NONE) {
        heads[group] = Board.NONE;
        continue;
      }
      boolean start = slots.isFree(slot);
      slots.add(slot, group);
      if (start) {
        moves.start(task, slots.browser(slot));
        slots.started(slots.browser(slot));
      }
    }
  }
}
