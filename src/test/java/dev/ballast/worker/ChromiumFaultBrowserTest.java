package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Backend;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ChromiumFaultBrowserTest extends FaultContract {
  @Override
  public String kind() {
    return "chromium";
  }

  @Test
  void aKilledDriverTakesItsBrowserWithItAndAnotherTakesItsPlace() throws Exception {
    String uid =
        station.submit(job("driver-killed", page("await gate('driver')"), Duration.ofSeconds(30)));
    station.site().awaitAt("driver");

    Instant killed = Instant.now();
    List<ProcessHandle> drivers = processes.all(line -> line.contains("chromedriver"));
    drivers.forEach(ProcessHandle::destroyForcibly);

    assertThat(drivers).isNotEmpty();
    first(uid, killed, Outcome.CRASHED, "browser-lost");
    succeededIn(2, uid);
  }

  @Test
  void aModelThatLosesItsGpuGoesToItsFallback() throws Exception {
    var source = new ModelSource.Builtin("ppocr-cls");
    var model = new TestModel("gpu-killed", ModelFamily.VISION, source, List.of());
    // Sampled for so long that somebody can come between.
    RunOptions run =
        new RunOptions(
            1,
            1000,
            1000,
            0.01,
            Duration.ofSeconds(8),
            Duration.ofSeconds(60),
            RunOptions.Isolation.SHARED);
    String uid = station.submit(job(model, run, 0, List.of(Backend.WASM), Backend.WEBGPU));
    Awaitility.await()
        .atMost(TestingStation.SOON)
        .until(
            () -> station.lastRequest().metrics().residentModels().contains("gpu-killed|webgpu"));

    Instant killed = Instant.now();
    List<ProcessHandle> gpu = processes.all(line -> line.contains("--type=gpu-process"));
    gpu.forEach(ProcessHandle::destroyForcibly);

    assertThat(gpu).isNotEmpty();
    first(uid, killed, Outcome.DEVICE_LOST, "device-lost");
    succeededIn(2, uid);
    assertThat(station.attempts(uid, 2).getLast().result().backend().actual())
        .isEqualTo(Backend.WASM);
  }
}
