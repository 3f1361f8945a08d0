package dev.ballast.cli.command;

import dev.ballast.model.JobSpec;
import dev.ballast.operator.validation.JobTranslator;
import dev.ballast.operator.validation.ManifestReader;
import dev.ballast.operator.validation.Manifests;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.operator.validation.PoolTranslator;
import dev.ballast.operator.validation.Problem;
import dev.ballast.operator.validation.Translation;
import dev.ballast.server.jobs.JobReader;
import dev.ballast.worker.models.BuiltinModel;
import dev.ballast.worker.models.BuiltinModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads manifests for the command line and for the API, with one set of rules. */
public final class ManifestJobReader implements JobReader {
  private final ManifestReader reader = new ManifestReader();
  private final JobTranslator translator =
      new JobTranslator(BuiltinModels.shipped().all().stream().map(BuiltinModel::id).toList());

  /** A file, and the folder its relative paths begin in. */
  record Source(String name, String text, Path folder) {}

  /**
   * The jobs and pools of all files; throws {@link CommandException} with one line for each
   * problem.
   */
  JobFiles read(List<Source> sources) {
    return read(sources, source -> Optional.of(source.folder()));
  }

  /** The same where jobs may not name files. */
  JobFiles readForServer(List<Source> sources) {
    return read(sources, _ -> Optional.empty());
  }

  private JobFiles read(List<Source> sources, Function<Source, Optional<Path>> folderOf) {
    List<PoolSettings> pools = new ArrayList<>();
    List<JobFiles.Job> jobs = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<ManifestReader.Source> texts =
        sources.stream()
            .map(source -> new ManifestReader.Source(source.name(), source.text()))
            .toList();
    switch (reader.read(texts)) {
      case Manifests.Refused refused -> problems.addAll(refused.problems());
      case Manifests.Accepted accepted -> {
        accepted.pools().forEach(pool -> pools.add(PoolTranslator.translate(pool.pool())));
        for (Manifests.Document.Job job : accepted.jobs()) {
          Source source =
              sources.stream()
                  .filter(candidate -> candidate.name().equals(job.origin().file()))
                  .findFirst()
                  .orElseThrow();
          translate(job, folderOf.apply(source), jobs, problems);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw CommandException.usage(problems.stream().map(Problem::toString).toList());
    }
    return new JobFiles(jobs, pools);
  }

  @Override
  public Manifest read(String namespace, String text) {
    List<JobFiles.Job> jobs = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    switch (reader.read("", text)) {
      case Manifests.Refused refused -> problems.addAll(refused.problems());
      case Manifests.Accepted accepted ->
          accepted
              .jobs()
              .forEach(job -> {
                if (job.job().getMetadata().getNamespace() == null) {
                  job.job().getMetadata().setNamespace(namespace);
                }
                translate(job, Optional.empty(), jobs, problems);
              });
    }
    if (problems.isEmpty() && jobs.size() != 1) {
      problems.add(
          new Problem(
              "", 0, "", "holds %d TestJobs.".formatted(jobs.size()), "Submit one at a time."));
    }
    if (problems.isEmpty() && !jobs.getFirst().spec().namespace().equals(namespace)) {
      problems.add(
          new Problem(
              "",
              0,
              "metadata.namespace",
              "\"%s\" is not the \"%s\" of the path."
                  .formatted(jobs.getFirst().spec().namespace(), namespace),
              ""));
    }
    if (!problems.isEmpty()) {
      throw new InvalidManifestException(
          problems.stream()
              .map(problem ->
                  new dev.ballast.server.form.Problem.Field(
                      pointer(problem.fieldPath()), problem.toString()))
              .toList());
    }
    return new Manifest(jobs.getFirst().resource(), jobs.getFirst().spec());
  }

  private void translate(
      Manifests.Document.Job job,
      Optional<Path> folder,
      List<JobFiles.Job> jobs,
      List<Problem> problems) {
    switch (translator.translate(job.job(), folder, job.origin())) {
      case Translation.Translated(JobSpec spec) -> jobs.add(new JobFiles.Job(job.job(), spec));
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
