package dev.ballast.cli;

import dev.ballast.model.JobSpec;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The manifests a command was given, read and checked. */
record JobFiles(List<JobSpec> jobs, List<String> pools) {

  /**
   * Reads all files ({@code -}: stdin); throws {@link CommandException} with one line for each
   * problem.
   */
  static JobFiles read(List<String> files) {
    JobFiles read = check(files);
    if (read.jobs().isEmpty()) {
      throw CommandException.usage(
          "%s: no TestJob in there, so there is nothing to run"
              .formatted(String.join(", ", files)));
    }
    return read;
  }

  /** The same for files that need not hold a job, but pools only. */
  static JobFiles check(List<String> files) {
    List<ManifestJobReader.Source> sources = new ArrayList<>();
    for (String file : files) {
      sources.add(
          new ManifestJobReader.Source(
              file.equals("-") ? "stdin" : file, text(file), folder(file)));
    }
    return new ManifestJobReader().read(sources);
  }

  private static String text(String file) {
    try {
      return file.equals("-")
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (NoSuchFileException e) {
      throw CommandException.usage("%s: there is no such file".formatted(file));
    } catch (CharacterCodingException e) {
      throw CommandException.usage("%s: is not text in UTF-8, so it is not YAML".formatted(file));
    } catch (IOException e) {
      if (Files.isDirectory(Path.of(file))) {
        throw CommandException.usage(
            "%s: is a directory. Name the files in it, for example %s/*.yaml"
                .formatted(file, file.replaceAll("/+$", "")));
      }
      throw CommandException.usage("%s: cannot be read (%s)".formatted(file, e));
    }
  }

  private static Path folder(String file) {
    Path parent = file.equals("-") ? null : Path.of(file).toAbsolutePath().getParent();
    return parent == null ? Path.of("").toAbsolutePath() : parent;
  }
}
