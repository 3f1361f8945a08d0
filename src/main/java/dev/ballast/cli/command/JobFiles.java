package dev.ballast.cli.command;

import dev.ballast.model.JobSpec;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.validation.PoolSettings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The manifests a command was given, read and checked. */
public record JobFiles(List<Job> jobs, List<PoolSettings> pools) {
  /** A job as it was written, with its defaults, and as it is to be run. */
  public record Job(TestJob resource, JobSpec spec) {}

  public List<JobSpec> specs() {
    return jobs.stream().map(Job::spec).toList();
  }

  /**
   * Reads all files ({@code -}: stdin), for a run on this machine; throws {@link CommandException}
   * with one line for each problem.
   */
  public static JobFiles read(List<String> files) {
    return withJobs(files, check(files));
  }

  /** The same for a run elsewhere, where files of this machine cannot be read. */
  public static JobFiles readForServer(List<String> files) {
    JobFiles read = withJobs(files, new ManifestJobReader().readForServer(sources(files)));
    read.pools().stream()
        .findFirst()
        .ifPresent(pool -> {
          throw CommandException.usage(
              "BrowserPool \"%s\": a server has its pools already. Leave it out, or make it there with: kubectl apply"
                  .formatted(pool.name()));
        });
    return read;
  }

  private static JobFiles withJobs(List<String> files, JobFiles read) {
    if (read.jobs().isEmpty()) {
      throw CommandException.usage(
          "%s: no TestJob in there, so there is nothing to run"
              .formatted(String.join(", ", files)));
    }
    return read;
  }

  /** The same for files that need not hold a job, but pools only. */
  public static JobFiles check(List<String> files) {
    return new ManifestJobReader().read(sources(files));
  }

  private static List<ManifestJobReader.Source> sources(List<String> files) {
    List<ManifestJobReader.Source> sources = new ArrayList<>();
    for (String file : files) {
      sources.add(
          new ManifestJobReader.Source(
              file.equals("-") ? "stdin" : file, text(file), folder(file)));
    }
    return sources;
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
