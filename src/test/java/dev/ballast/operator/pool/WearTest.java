package dev.ballast.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.TestingWorker;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolSpec;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.operator.validation.PoolTranslator;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WearTest {
  private static final long MIB = 1L << 20;

  private final TestingWorker worker =
      new TestingWorker(
          "w.test",
          "test/pool",
          Map.of(),
          new BrowserKind("chrome"),
          1,
          List.of(Backend.WASM),
          true);
  private final Wear wear = new Wear();

  private static PoolSettings pool(int afterTasks, String memoryGrowth) {
    BrowserPool pool = new BrowserPool();
    pool.getMetadata().setNamespace("test");
    pool.getMetadata().setName("pool");
    pool.setSpec(
        new BrowserPoolSpec(
            "chrome",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            new BrowserPoolSpec.Recycle(afterTasks, memoryGrowth),
            null,
            null));
    return PoolTranslator.translate(pool);
  }

  private Optional<String> worn(PoolSettings pool) {
    return wear.of(
        pool,
        new WorkerView(
            worker.id,
            WorkerView.State.READY,
            Instant.EPOCH,
            Optional.of(worker.request(0)),
            List.of(),
            List.of(),
            "closed"));
  }

  @Test
  void aBrowserThatGrewWithTheSameModelsLoadedIsWorn() {
    PoolSettings pool = pool(1000, "512Mi");
    worker.uses(800 * MIB);
    assertThat(worn(pool)).isEmpty();
    worker.uses(1311 * MIB);
    assertThat(worn(pool)).isEmpty();
    worker.uses(1312 * MIB);

    assertThat(worn(pool)).hasValue("grown by 512 MiB");
  }

  @Test
  void whatIsMeasuredLaterIsTheMeasureWhenItIsLess() {
    PoolSettings pool = pool(1000, "512Mi");
    for (long mib : new long[] {1500, 700, 1200}) {
      worker.uses(mib * MIB);
      assertThat(worn(pool)).isEmpty();
    }
  }

  @Test
  void aBrowserOfWhichNoMemoryIsKnownIsNotWorn() {
    assertThat(worn(pool(1, "1Ki"))).isEmpty();
  }

  @Test
  void whoIsGoneIsForgotten() {
    PoolSettings pool = pool(1000, "512Mi");
    worker.uses(100 * MIB);
    assertThat(worn(pool)).isEmpty();

    wear.keep("test/pool", java.util.Set.of());

    worker.uses(2000 * MIB);
    assertThat(worn(pool)).isEmpty();
  }
}
