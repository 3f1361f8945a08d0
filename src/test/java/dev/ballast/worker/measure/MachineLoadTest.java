package dev.ballast.worker.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.worker.measure.MachineLoad.Load;
import dev.ballast.worker.measure.MachineLoad.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineLoadTest {
  @TempDir Path proc;

  @Test
  void whatOthersUseIsAllLessOurTree() throws IOException {
    MachineLoad load = new MachineLoad(proc, List.of(proc.resolve("cpu.stat")), 4);
    machine(1000, 50);
    process(10, 1, "Web Content) (x", 100, 20, 5_000_000);
    process(11, 10, "renderer", 200, 0, 0);
    process(12, 1, "a neighbour", 500, 0, 0);
    Files.writeString(proc.resolve("cpu.stat"), "usage_usec 1\nthrottled_usec 1000000\n");
    Reading before = load.read(List.of(10L)).orElseThrow();

    machine(1300, 60);
    process(10, 1, "Web Content) (x", 110, 30, 25_000_000);
    process(11, 10, "renderer", 260, 20, 0);
    process(12, 1, "a neighbour", 700, 0, 0);
    Files.writeString(proc.resolve("cpu.stat"), "usage_usec 1\nthrottled_usec 1250000\n");
    Reading after = load.read(List.of(10L)).orElseThrow();

    Load between = load.between(at(before, 0), at(after, 1_000_000_000L));
    assertThat(between.ownCores()).isCloseTo(1.0, within(1e-9));
    assertThat(between.othersCores()).isCloseTo(2.0, within(1e-9));
    assertThat(between.stealCores()).isCloseTo(0.1, within(1e-9));
    assertThat(between.waitRatio().orElseThrow()).isCloseTo(0.02, within(1e-9));
    assertThat(between.throttledRatio().orElseThrow()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void withoutProcItIsAbsentNotZero() {
    assertThat(new MachineLoad(proc.resolve("none"), List.of(), 2).read(List.of(1L))).isEmpty();
  }

  @Test
  void versionOneOfCgroupsCountsInNanoseconds() throws IOException {
    machine(1, 0);
    Files.writeString(proc.resolve("cpu.stat"), "nr_throttled 3\nthrottled_time 2000000000\n");

    assertThat(
            new MachineLoad(proc, List.of(proc.resolve("cpu.stat")), 1)
                .read(List.of())
                .orElseThrow()
                .throttledSeconds())
        .hasValue(2.0);
  }

  private static Reading at(Reading reading, long nanoTime) {
    return new Reading(
        nanoTime,
        reading.busySeconds(),
        reading.stealSeconds(),
        reading.ownSeconds(),
        reading.waitSeconds(),
        reading.throttledSeconds());
  }

  private void machine(int busy, int steal) throws IOException {
    Files.writeString(
        proc.resolve("stat"), "cpu  %d 0 0 9000 10 0 0 %d 0 0\n".formatted(busy, steal));
  }

  private void process(int pid, int parent, String name, int user, int reaped, long waitNanos)
      throws IOException {
    Path directory = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(
        directory.resolve("stat"),
        "%d (%s) S %d 1 1 0 -1 0 0 0 0 0 %d 0 %d 0 20 0 1 0\n"
            .formatted(pid, name, parent, user, reaped));
    Path task = Files.createDirectories(directory.resolve("task").resolve(Integer.toString(pid)));
    Files.writeString(task.resolve("schedstat"), "1 %d 3\n".formatted(waitNanos));
  }
}
