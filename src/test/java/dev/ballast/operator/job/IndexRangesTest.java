package dev.ballast.operator.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.operator.resource.JobLimits;
import java.util.BitSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexRangesTest {
  /** What etcd takes in one request, unless it is told otherwise. */
  private static final int ETCD_BYTES = 1_500_000;

  private static BitSet set(int... indexes) {
    BitSet set = new BitSet();
    for (int index : indexes) {
      set.set(index);
    }
    return set;
  }

  @Test
  void theyAreWrittenAsKubernetesWritesThem() {
    assertThat(IndexRanges.format(set(0, 1, 2, 5, 7, 8))).isEqualTo("0-2,5,7-8");
    assertThat(IndexRanges.format(new BitSet())).isNull();
  }

  @Property
  void whatIsWrittenIsReadAgain(@ForAll Set<@IntRange(max = 300) Integer> all) {
    BitSet indexes = set(all.stream().mapToInt(Integer::intValue).toArray());

    assertThat(IndexRanges.parse(IndexRanges.format(indexes), 301)).isEqualTo(indexes);
  }

  /** Every other task failed: no two indexes of either are neighbours. */
  @Test
  void theLongestOfTheLargestJobFitIntoItsStatus() {
    BitSet even = new BitSet();
    BitSet odd = new BitSet();
    for (int index = 0; index < JobLimits.MAX_TASKS; index++) {
      (index % 2 == 0 ? even : odd).set(index);
    }

    int bytes = IndexRanges.format(even).length() + IndexRanges.format(odd).length();

    assertThat(bytes).isLessThan(ETCD_BYTES / 2);
  }

  @ParameterizedTest
  @CsvSource({
    "'x', not an index",
    "'0-9', not an index",
    "'3-1', goes backwards",
    "'-1', not an index"
  })
  void whatNobodyWroteIsRefused(String text, String why) {
    assertThatThrownBy(() -> IndexRanges.parse(text, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
