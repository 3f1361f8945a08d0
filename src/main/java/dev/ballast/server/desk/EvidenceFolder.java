package dev.ballast.server.desk;

import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * Keeps what failed attempts left behind: {@code <uid>/<index>-<attempt>/console.txt} and {@code
 * screenshot.png}.
 */
public record EvidenceFolder(Path root) {

  /** The folder of an attempt, whether it is there or not. */
  public Path of(AttemptId attempt) {
    return root.resolve(attempt.task().job())
        .resolve(attempt.task().index() + "-" + attempt.number());
  }

  /** Writes the evidence of a report, if it has any; writing it again does no harm. */
  public void keep(AttemptReport report) throws IOException {
    AttemptReport.Evidence evidence = report.evidence();
    if (evidence == null) {
      return;
    }
    Path folder = Files.createDirectories(of(report.result().attemptId()));
    if (evidence.console() != null) {
      Files.writeString(folder.resolve("console.txt"), evidence.console(), StandardCharsets.UTF_8);
    }
    if (evidence.screenshot() != null) {
      Files.write(
          folder.resolve("screenshot.png"), Base64.getDecoder().decode(evidence.screenshot()));
    }
  }

  /** The folder of an attempt, if it left something. */
  public Optional<Path> find(AttemptId attempt) {
    return Optional.of(of(attempt)).filter(Files::isDirectory);
  }
}
