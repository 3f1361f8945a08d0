package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;
import dev.ballast.model.ModelFamily;

/** The free browser with the best {@link AncestorScore}. */
final class StaticAffinity extends LateBinding {
  private final Ranking ranking;

  StaticAffinity(Board board, Times times, Moves moves) {
    super(board, times, moves);
    ranking = new Ranking(board);
    for (int browser = 0; browser < board.browsers(); browser++) {
      changed(browser);
    }
  }

  @Override
  int pick(int group) {
    int best = Board.NONE;
    for (int pool = 0; pool < board.pools(); pool++) {
      if (times.canRun(group, pool)) {
        for (int browser : ranking.pool(pool)) {
          if (canStart(group, browser)) {
            best = better(group, browser, best) ? browser : best;
            break;
          }
        }
      }
    }
    return best;
  }

  private boolean better(int group, int browser, int best) {
    if (best == Board.NONE) {
      return true;
    }
    double score = score(group, browser);
    double bestScore = score(group, best);
    int rank = AncestorScore.rank(board.kind(board.pool(browser)));
    int bestRank = AncestorScore.rank(board.kind(board.pool(best)));
    return score > bestScore
        || (score == bestScore
            && (rank < bestRank
                || (rank == bestRank
                    && board.browserName(browser).compareTo(board.browserName(best)) < 0)));
  }

  private double score(int group, int browser) {
    ModelFamily family = board.family(group);
    return AncestorScore.affinity(family, board.kind(board.pool(browser))) * room(browser);
  }

  private double room(int browser) {
    int active = board.running(browser);
    return AncestorScore.room((double) active / board.slots(browser), active);
  }

  @Override
  void changed(int browser) {
    if (board.freeSlots(browser) > 0) {
      ranking.put(browser, -room(browser), 0);
    } else {
      ranking.remove(browser);
    }
  }
}
