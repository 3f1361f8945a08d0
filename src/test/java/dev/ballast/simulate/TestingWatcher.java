package dev.ballast.simulate;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Scheduler;
import java.util.List;

/** Looks at the board after every decision of the rule it passes everything on to. */
final class TestingWatcher implements Scheduler {
  private final Board board;
  private final Scheduler rule;
  private final List<String> violations;

  TestingWatcher(Board board, Scheduler rule, List<String> violations) {
    this.board = board;
    this.rule = rule;
    this.violations = violations;
  }

  @Override
  public void arrived(int task) {
    rule.arrived(task);
  }

  @Override
  public void started(int task, int browser) {
    rule.started(task, browser);
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    rule.ended(task, browser, succeeded, seconds);
  }

  @Override
  public void lost(int browser) {
    rule.lost(browser);
  }

  @Override
  public void joined(int browser) {
    rule.joined(browser);
  }

  @Override
  public double wakeAtSeconds() {
    return rule.wakeAtSeconds();
  }

  @Override
  public void decide() {
    rule.decide();
    for (int browser = 0; browser < board.browsers(); browser++) {
      check(board.running(browser) <= board.slots(browser), browser, "more tasks than slots");
      check(
          board.residentMiB(browser) <= board.memoryMiB(browser) + 1e-3,
          browser,
          "more models than memory");
      check(
          board.present(browser) || board.running(browser) + board.bound(browser) == 0,
          browser,
          "tasks although it is lost");
    }
  }

  private void check(boolean holds, int browser, String violation) {
    if (!holds) {
      violations.add(board.browserName(browser) + ": " + violation);
    }
  }
}
