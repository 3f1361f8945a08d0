package dev.ballast.balancer.schedule;

import java.util.Arrays;

/**
 * Attempts that run, as the measurements that they will be. What is uncertain is tried because it
 * may be better than it seems; but what a hundred slots are trying will be known, and need not be
 * tried by a hundred more before the first of them ends.
 *
 * <pre>
 * error = 1/√(1/error² + running/scatter²)
 * </pre>
 *
 * The mean stays as it is, the doubt shrinks as if they had been measured: Desautels, Krause,
 * Burdick 2014, "Parallelizing exploration-exploitation tradeoffs in Gaussian process bandit
 * optimization". Not thread-safe.
 */
public final class Tries {
  /** What one attempt is assumed to scatter, on the log scale: a factor of 1.65 either way. */
  private static final double SCATTER_VARIANCE = 0.25;

  /** An error that nothing is tried for. */
  private static final double KNOWN = 0.05;

  /** By pool: the first one whose browsers are as fast as its own. */
  private int[] likes = new int[0];

  // By pool and variant: attempts that run, and as how many they count
  private int[][] running = new int[0][];
  private int[][] counted = new int[0][];

  /** Whether an answer was given that another count would change. */
  private boolean[][] asked = new boolean[0][];

  private long version;

  /** The next pool, whose browsers are as fast as those of pool {@code like}, or its own. */
  void addPool(int like) {
    int pool = likes.length;
    likes = Arrays.copyOf(likes, pool + 1);
    likes[pool] = like == pool ? pool : likes[like];
    running = Arrays.copyOf(running, pool + 1);
    running[pool] = new int[0];
    counted = Arrays.copyOf(counted, pool + 1);
    counted[pool] = new int[0];
    asked = Arrays.copyOf(asked, pool + 1);
    asked[pool] = new boolean[0];
  }

  void began(int pool, int variant) {
    int like = likes[pool];
    grow(like, variant);
    running[like][variant]++;
    count(like, variant);
  }

  void ended(int pool, int variant) {
    int like = likes[pool];
    running[like][variant]--;
    count(like, variant);
  }

  private void grow(int like, int variant) {
    if (variant >= running[like].length) {
      running[like] = Arrays.copyOf(running[like], variant + 1);
      counted[like] = Arrays.copyOf(counted[like], variant + 1);
      asked[like] = Arrays.copyOf(asked[like], variant + 1);
    }
  }

  /**
   * Only when twice or half as many run as are counted, since all that is computed from an error is
   * computed anew then.
   */
  private void count(int like, int variant) {
    int now = running[like][variant];
    int before = counted[like][variant];
    boolean more = now > 0 && now >= 2 * before;
    boolean fewer = before > 0 && 2 * now <= before;
    if (more || fewer) {
      counted[like][variant] = now;
      if (asked[like][variant]) {
        asked[like][variant] = false;
        version++;
      }
    }
  }

  /**
   * Standard error of the variant's time in the pool, on the log scale, once what runs there has
   * ended. What is known to within {@value #KNOWN} stays as it is.
   *
   * @param error the same by what has ended
   */
  public double error(double error, int pool, int variant) {
    if (error <= KNOWN) {
      return error;
    }
    int like = likes[pool];
    grow(like, variant);
    asked[like][variant] = true;
    int tries = counted[like][variant];
    return tries == 0 ? error : 1 / Math.sqrt(1 / (error * error) + tries / SCATTER_VARIANCE);
  }

  /** Changes whenever an answer that was given may. */
  public long version() {
    return version;
  }
}
