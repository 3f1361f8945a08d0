package dev.ballast.cli;

import dev.ballast.model.JobSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The manifests a command was given, read and checked. */
record JobFiles(List<JobSpec> jobs) {

  /**
   * Reads all files ({@code -}: stdin); throws {@link CommandException} with one line for each
   * problem.
   */
  static JobFiles read(List<String> files) {
    List<ManifestJobReader.Source> sources = new ArrayList<>();
    for (String file : files) {
      sources.add(
          new ManifestJobReader.Source(
              file.equals("-") ? "stdin" : file, text(file), folder(file)));
    }
    List<JobSpec> jobs = new ManifestJobReader().read(sources);
    if (jobs.isEmpty()) {
      throw CommandException.usage(
          "%s: no TestJob in there, so there is nothing to run"
              .formatted(String.join(", ", files)));
    }
    return new JobFiles(jobs);
  }

  private static String text(String file) {
    try {
      return file.equals("-")
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (NoSuchFileException e) {
      throw CommandException.usage("%s: there is no such file".formatted(file));
    } catch (IOException e) {
      throw CommandException.usage("%s: cannot be read (%s)".formatted(file, e));
    }
  }

  private static Path folder(String file) {
    Path parent = file.equals("-") ? null : Path.of(file).toAbsolutePath().getParent();
    return parent == null ? Path.of("").toAbsolutePath() : parent;
  }
}
