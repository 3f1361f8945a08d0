package dev.ballast.dispatch;

import dev.ballast.balancer.schedule.LiveBoard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbers that tasks have on a board while they wait, are bound or run. */
final class Tokens {
  private static final int MOST_DEAD = 50_000;

  private final LiveBoard board;
  private final List<@Nullable TaskRecord> tasks = new ArrayList<>();

  Tokens(LiveBoard board) {
    this.board = board;
  }

  /** The task waits on the board from now on. */
  int enter(TaskRecord task, int group, double queuedSeconds) {
    int token = board.addTask(group, queuedSeconds, task.attempts);
    tasks.add(task);
    task.token = token;
    board.await(token);
    return token;
  }

  /** A task of nobody, which waits. */
  int enterPhantom() {
    int token = board.addTask(0, board.nowSeconds(), 1);
    tasks.add(null);
    board.await(token);
    return token;
  }

  /** The task of that number; null: it is nobody's, or is over. */
  @Nullable TaskRecord task(int token) {
    return tasks.get(token);
  }

  /** The task gets that number, and whoever had it takes that one's. */
  void exchange(int token, TaskRecord task, TaskRecord before) {
    int other = task.token;
    tasks.set(token, task);
    tasks.set(other, before);
    task.token = token;
    before.token = other;
  }

  void forget(TaskRecord task) {
    if (task.token >= 0) {
      tasks.set(task.token, null);
      task.token = -1;
    }
  }

  void forgetAll() {
    for (TaskRecord task : tasks) {
      if (task != null) {
        task.token = -1;
      }
    }
  }

  /** Whether most numbers are of tasks that are over. */
  boolean areMostlyDead() {
    return tasks.size() > MOST_DEAD && tasks.size() > 4 * board.waiting();
  }
}
