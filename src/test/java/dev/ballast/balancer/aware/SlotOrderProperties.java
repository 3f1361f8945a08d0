package dev.ballast.balancer.aware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.aware.SlotOrder.Worth;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever is entered, set aside and given back: the first is the first of all that are left. */
class SlotOrderProperties {
  private static final int SLOTS = 3000;

  private final double[] ready = new double[SLOTS];
  private final int[] stamp = new int[SLOTS];
  private final boolean[] aside = new boolean[SLOTS];

  @Property(tries = 100)
  void theFirstIsTheEarliestThatIsNeitherOutdatedNorSetAside(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SlotOrder order = new SlotOrder(new ByStamp());
    int slots = 1 + random.nextInt(SLOTS);
    for (int s = 0; s < slots; s++) {
      enter(order, s, 1000 * random.nextDouble());
    }
    // Some sets are worn down to nothing, so that all of it is sorted in; others hardly change.
    int ofTen = 1 + random.nextInt(10);
    for (int step = 0; step < 2000; step++) {
      int first = order.first();
      assertThat(first).isEqualTo(earliest(slots));
      int touched = first >= 0 && random.nextInt(10) < ofTen ? first : random.nextInt(slots);
      switch (random.nextInt(4)) {
        case 0 -> enter(order, touched, 1000 * random.nextDouble());
        // As a slot that comes free: earlier than most, and often at the same time as another.
        case 1 -> enter(order, touched, random.nextInt(10));
        default -> aside[touched] = true;
      }
      if (random.nextInt(300) == 0) {
        java.util.Arrays.fill(aside, false);
        order.rewind();
      }
    }
  }

  /** What is entered right after half of the sorted ones went back may belong behind those. */
  @Test
  void anEntryThatComesAfterThoseThatWentBackIsNotBeforeThem() {
    theFirstIsTheEarliestThatIsNeitherOutdatedNorSetAside(566142271);
  }

  @Test
  void whatIsEnteredAgainAndAgainTakesNoMoreRoom() {
    SlotOrder order = new SlotOrder(new ByStamp());
    for (int step = 0; step < 100_000; step++) {
      enter(order, step % 100, step);
    }
    assertThat(order.entries()).isLessThan(3000);
    assertThat(order.first()).isZero();
  }

  private final class ByStamp implements SlotOrder.Judge {
    @Override
    public Worth of(int slot, int withStamp) {
      return outdated(slot, withStamp) ? Worth.DROP : aside[slot] ? Worth.SKIP : Worth.TAKE;
    }

    @Override
    public boolean outdated(int slot, int withStamp) {
      return withStamp != stamp[slot];
    }
  }

  private void enter(SlotOrder order, int slot, double readySeconds) {
    ready[slot] = readySeconds;
    order.add(readySeconds, slot, ++stamp[slot]);
  }

  private int earliest(int slots) {
    int best = -1;
    for (int s = 0; s < slots; s++) {
      if (!aside[s] && (best < 0 || ready[s] < ready[best])) {
        best = s;
      }
    }
    return best;
  }
}
