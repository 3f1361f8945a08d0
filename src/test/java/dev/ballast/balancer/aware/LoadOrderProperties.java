package dev.ballast.balancer.aware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * However often plans change: the order is that of the ends they have now, and its size is that of
 * the fleet.
 */
class LoadOrderProperties {
  private static final int SLOTS = 40;
  private static final int POOLS = 3;

  @Property(tries = 50)
  void theOrderIsThatOfThePresentEnds(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LoadOrder order = new LoadOrder(SLOTS, POOLS);
    double[] end = new double[SLOTS];
    boolean[] in = new boolean[SLOTS];
    for (int slot = 0; slot < SLOTS; slot++) {
      end[slot] = random.nextInt(100);
      order.set(slot, slot % POOLS, end[slot]);
      in[slot] = true;
    }
    // The slots that end late change most, as when a plan is improved: they are never first in
    // their pool.
    for (int step = 0; step < 20_000; step++) {
      int slot = random.nextInt(4) > 0 ? random.nextInt(4) : random.nextInt(SLOTS);
      if (random.nextInt(50) == 0) {
        order.remove(slot);
        in[slot] = false;
      } else {
        end[slot] = random.nextInt(100) + (slot < 4 ? 1000 : 0);
        order.set(slot, slot % POOLS, end[slot]);
        in[slot] = true;
      }
      if (step % 500 == 0) {
        assertThat(latest(order)).containsExactly(sorted(end, in, -1, 5));
        assertThat(earliest(order, 1)).containsExactly(sorted(end, in, 1, 5));
      }
    }
    assertThat(order.entries()).isLessThan(2048 * (POOLS + 1));
  }

  private static int[] latest(LoadOrder order) {
    int[] slots = new int[5];
    assertThat(order.latest(slots)).isEqualTo(5);
    return slots;
  }

  private static int[] earliest(LoadOrder order, int pool) {
    int[] slots = new int[5];
    assertThat(order.earliest(pool, 5, slots, 0)).isEqualTo(5);
    return slots;
  }

  /** {@code pool} -1: of all, the latest first. */
  private static int[] sorted(double[] end, boolean[] in, int pool, int most) {
    Comparator<Integer> byEnd = Comparator.comparingDouble(slot -> end[slot]);
    return IntStream.range(0, SLOTS)
        .filter(slot -> in[slot] && (pool < 0 || slot % POOLS == pool))
        .boxed()
        .sorted((pool < 0 ? byEnd.reversed() : byEnd).thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
