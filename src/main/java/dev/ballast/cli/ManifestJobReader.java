package dev.ballast.cli;

import dev.ballast.model.JobSpec;
import dev.ballast.operator.validation.JobTranslator;
import dev.ballast.operator.validation.ManifestReader;
import dev.ballast.operator.validation.Manifests;
import dev.ballast.operator.validation.Problem;
import dev.ballast.operator.validation.Translation;
import dev.ballast.server.JobReader;
import dev.ballast.worker.models.BuiltinModel;
import dev.ballast.worker.models.BuiltinModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads manifests for the command line and for the API, with one set of rules. */
final class ManifestJobReader implements JobReader {
  private final ManifestReader reader = new ManifestReader();
  private final JobTranslator translator =
      new JobTranslator(BuiltinModels.shipped().all().stream().map(BuiltinModel::id).toList());

  /** A file, and the folder its relative paths begin in. */
  record Source(String name, String text, Path folder) {}

  /**
   * The jobs and the names of the pools of all files; throws {@link CommandException} with one line
   * for each problem.
   */
  JobFiles read(List<Source> sources) {
    List<String> pools = new ArrayList<>();
    List<JobSpec> jobs = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<ManifestReader.Source> texts =
        sources.stream()
            .map(source -> new ManifestReader.Source(source.name(), source.text()))
            .toList();
    switch (reader.read(texts)) {
      case Manifests.Refused refused -> problems.addAll(refused.problems());
      case Manifests.Accepted accepted -> {
        accepted.pools().forEach(pool -> pools.add(pool.pool().getMetadata().getName()));
        for (Manifests.Document.Job job : accepted.jobs()) {
          Path folder =
              sources.stream()
                  .filter(source -> source.name().equals(job.origin().file()))
                  .findFirst()
                  .orElseThrow()
                  .folder();
          translate(job, Optional.of(folder), jobs, problems);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw CommandException.usage(problems.stream().map(Problem::toString).toList());
    }
    return new JobFiles(jobs, pools);
  }

  @Override
  public JobSpec read(String namespace, String text) {
    List<JobSpec> jobs = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    switch (reader.read("", text)) {
      case Manifests.Refused refused -> problems.addAll(refused.problems());
      case Manifests.Accepted accepted ->
          accepted.jobs().forEach(job -> translate(job, Optional.empty(), jobs, problems));
    }
    if (problems.isEmpty() && jobs.size() != 1) {
      problems.add(
          new Problem(
              "", 0, "", "holds %d TestJobs.".formatted(jobs.size()), "Submit one at a time."));
    }
    if (problems.isEmpty() && !jobs.getFirst().namespace().equals(namespace)) {
      problems.add(
          new Problem(
              "",
              0,
              "metadata.namespace",
              "\"%s\" is not the \"%s\" of the path."
                  .formatted(jobs.getFirst().namespace(), namespace),
              ""));
    }
    if (!problems.isEmpty()) {
      throw new InvalidManifestException(
          problems.stream()
              .map(problem ->
                  new dev.ballast.server.Problem.Field(
                      pointer(problem.fieldPath()), problem.toString()))
              .toList());
    }
    return jobs.getFirst();
  }

  private void translate(
      Manifests.Document.Job job,
      Optional<Path> folder,
      List<JobSpec> jobs,
      List<Problem> problems) {
    switch (translator.translate(job.job(), folder, job.origin())) {
      case Translation.Translated(JobSpec spec) -> jobs.add(spec);
      case Translation.Refused(List<Problem> found) -> problems.addAll(found);
    }
  }

  /** {@code spec.matrix.backends[1]} as {@code /spec/matrix/backends/1} (RFC 6901). */
  private static String pointer(String fieldPath) {
    return fieldPath.isEmpty()
        ? ""
        : "/" + fieldPath.replace("[", ".").replace("]", "").replace('.', '/');
  }
}
