package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import dev.ballast.model.Capability;
import org.junit.jupiter.api.Test;

class ChromiumAttemptBrowserTest extends AttemptContract {
  @Override
  public String kind() {
    return "chromium";
  }

  @Test
  void itsAdapterIsARasteriserAndSaysSo() {
    Capability found = station().lastRequest().capability();

    assertThat(found.backends()).contains(Backend.WEBGPU);
    assertThat(found.adapter().orElseThrow()).returns(true, Adapter::software);
    assertThat(found.adapter().orElseThrow().description()).isNotBlank();
  }
}
