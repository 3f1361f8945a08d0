package dev.ballast.cli.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  @Test
  void thePageSaysWhatIsMeasured() throws IOException {
    assertThat(Files.readString(Path.of("docs/claims.md")))
        .describedAs("docs/claims.md is out of date. Renew it with: bin/ballast simulate --claims")
        .endsWith(ClaimsPage.probe());
  }
}
