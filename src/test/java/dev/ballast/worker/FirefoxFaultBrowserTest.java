package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FirefoxFaultBrowserTest extends FaultContract {
  private static final long LITTLE_BYTES = 200L << 20;

  @Override
  public String kind() {
    return "firefox";
  }

  /** Content processes get no more addresses, as a container's limit would do it. */
  @Override
  void limitMemory() throws Exception {
    for (ProcessHandle page : processes.all(processes::runsPages)) {
      limitAddresses(page.pid(), Long.toString(virtualBytes(page.pid()) + LITTLE_BYTES));
    }
  }

  @Override
  void unlimitMemory() throws Exception {
    for (ProcessHandle page : processes.all(processes::runsPages)) {
      limitAddresses(page.pid(), "unlimited");
    }
  }

  private static void limitAddresses(long pid, String limit) throws Exception {
    new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--as=" + limit).start().waitFor();
  }

  private static long virtualBytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/%d/status".formatted(pid))).stream()
        .filter(line -> line.startsWith("VmSize:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  /** Firefox without a GPU computes WebGPU in its main process: there is no other to kill. */
  @Test
  void aPageThatLosesItsGpuDeviceSaysSo() throws Exception {
    String fault =
        """
        const device = await (await navigator.gpu.requestAdapter()).requestDevice();
        device.lost.then(info => say({type: 'error', code: 'device-lost', message: info.reason}));
        device.destroy();
        return;
        """;
    String uid = station.submit(job("device-destroyed", page(fault), Duration.ofSeconds(30)));

    var first = first(uid, null, Outcome.DEVICE_LOST, "device-lost");
    assertThat(first.message()).isEqualTo("destroyed");
    succeededIn(2, uid);
  }
}
