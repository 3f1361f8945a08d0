package dev.ballast.operator.validation;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelInput;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import dev.ballast.operator.resource.BackendName;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns a valid {@link TestJob} into the model's {@link JobSpec}, and looks up what it names: model
 * files and builtin models. A field that is absent has the default of its CRD.
 */
public final class JobTranslator {
  private final List<String> builtinModels;

  /** {@code builtinModels}: the ids that {@code source: builtin:ID} may name. */
  public JobTranslator(Collection<String> builtinModels) {
    this.builtinModels = builtinModels.stream().sorted().toList();
  }

  /** Translates a job whose files are sought below {@code baseDirectory}, as local runs do. */
  public Translation translate(TestJob job, Path baseDirectory) {
    return translate(job, Optional.of(baseDirectory), Origin.NONE);
  }

  /**
   * Translates a job.
   *
   * @param baseDirectory where relative paths begin; absent (in a cluster): files are refused
   * @param origin for the lines in problems
   */
  public Translation translate(TestJob job, Optional<Path> baseDirectory, Origin origin) {
    TestJobSpec spec = job.getSpec();
    TestJobSpec.Matrix matrix = or(spec.matrix(), new TestJobSpec.Matrix(null, null, null, null));
    Sources sources = new Sources(baseDirectory, origin);
    List<TestModel> models = sources.models(spec, matrix);
    if (!sources.problems.isEmpty()) {
      return new Translation.Refused(sources.problems);
    }
    try {
      return new Translation.Translated(spec(job, spec, matrix, models));
    } catch (IllegalArgumentException e) {
      return new Translation.Refused(
          List.of(origin.problem("spec", String.valueOf(e.getMessage()), "")));
    }
  }

  private static JobSpec spec(
      TestJob job, TestJobSpec spec, TestJobSpec.Matrix matrix, List<TestModel> models) {
    TestJobSpec.PoolSelector selector = spec.poolSelector();
    return new JobSpec(
        or(job.getMetadata().getNamespace(), "default"),
        job.getMetadata().getName(),
        selector == null ? Map.of() : or(selector.matchLabels(), Map.of()),
        or(spec.priority(), 0),
        or(spec.weight(), 1),
        optional(spec.parallelism()),
        or(spec.suspend(), false),
        models,
        backends(matrix.backends()),
        or(matrix.browsers(), List.<String>of()).stream().map(BrowserKind::new).toList(),
        or(matrix.repetitions(), 1),
        run(spec.run()),
        requirements(spec.requirements()),
        or(spec.backoffLimitPerIndex(), 2),
        optional(spec.maxFailedIndexes()),
        Optional.ofNullable(spec.activeDeadlineSeconds()).map(Duration::ofSeconds),
        backends(spec.fallbackBackends()));
  }

  static RunOptions run(TestJobSpec.@Nullable Run run) {
    RunOptions defaults = RunOptions.DEFAULTS;
    if (run == null) {
      return defaults;
    }
    return new RunOptions(
        or(run.warmupIterations(), defaults.warmupIterations()),
        or(run.minIterations(), defaults.minIterations()),
        or(run.maxIterations(), defaults.maxIterations()),
        Optional.ofNullable(run.targetCiWidth())
            .map(Units::ratio)
            .orElse(defaults.targetCiWidthRatio()),
        Optional.ofNullable(run.maxDuration()).map(Units::duration).orElse(defaults.maxDuration()),
        Optional.ofNullable(run.timeout()).map(Units::duration).orElse(defaults.timeout()),
        switch (or(run.isolation(), TestJobSpec.Isolation.EXCLUSIVE)) {
          case EXCLUSIVE -> RunOptions.Isolation.EXCLUSIVE;
          case SHARED -> RunOptions.Isolation.SHARED;
        });
  }

  private static Requirements requirements(TestJobSpec.@Nullable Requirements requirements) {
    if (requirements == null) {
      return Requirements.NONE;
    }
    String memory = requirements.memory();
    return new Requirements(
        memory == null ? OptionalLong.empty() : OptionalLong.of(Units.bytes(memory)),
        switch (or(requirements.hardwareAcceleration(), TestJobSpec.HardwareAcceleration.ANY)) {
          case REQUIRED -> Requirements.HardwareAcceleration.REQUIRED;
          case PREFERRED -> Requirements.HardwareAcceleration.PREFERRED;
          case ANY -> Requirements.HardwareAcceleration.ANY;
        });
  }

  private static List<Backend> backends(@Nullable List<BackendName> names) {
    return or(names, List.<BackendName>of()).stream().map(BackendName::backend).toList();
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static <T> T or(@Nullable T value, T absent) {
    return value == null ? absent : value;
  }

  /** Looks up what a job names, and collects what is not there. */
  private final class Sources {
    private final Optional<Path> baseDirectory;
    private final Origin origin;
    private final List<Problem> problems = new ArrayList<>();

    Sources(Optional<Path> baseDirectory, Origin origin) {
      this.baseDirectory = baseDirectory;
      this.origin = origin;
    }

    List<TestModel> models(TestJobSpec spec, TestJobSpec.Matrix matrix) {
      TestJobSpec.PageEntry page = spec.page();
      if (page != null) {
        return page(page).map(List::of).orElse(List.of());
      }
      List<TestModel> models = new ArrayList<>();
      List<TestJobSpec.ModelEntry> entries = or(matrix.models(), List.of());
      for (int i = 0; i < entries.size(); i++) {
        model(entries.get(i), "spec.matrix.models[%d]".formatted(i)).ifPresent(models::add);
      }
      return models;
    }

    private Optional<TestModel> page(TestJobSpec.PageEntry page) {
      ModelFamily family = page.family() == null ? ModelFamily.OTHER : page.family().family();
      String path = "spec.page.url";
      Optional<URI> url =
          page.url().startsWith("http://") || page.url().startsWith("https://")
              ? uri(page.url(), path)
              : file(page.url(), path).map(Path::toUri);
      return url.map(
          found -> new TestModel(page.name(), family, new ModelSource.Page(found), List.of()));
    }

    private Optional<TestModel> model(TestJobSpec.ModelEntry entry, String path) {
      List<ModelInput> inputs =
          or(entry.inputs(), List.<TestJobSpec.InputEntry>of()).stream()
              .map(JobTranslator::input)
              .toList();
      return source(entry, path)
          .map(source -> new TestModel(entry.name(), entry.family().family(), source, inputs));
    }

    private Optional<? extends ModelSource> source(TestJobSpec.ModelEntry entry, String path) {
      String source = entry.source();
      if (source.startsWith("builtin:")) {
        return builtin(source.substring("builtin:".length()), path + ".source");
      }
      if (source.startsWith("https://")) {
        String sha256 = entry.sha256();
        if (sha256 == null) {
          problems.add(origin.problem(path + ".sha256", "is missing.", ""));
          return Optional.empty();
        }
        return uri(source, path + ".source").map(uri -> new ModelSource.Remote(uri, sha256));
      }
      return file(source, path + ".source").flatMap(file -> local(file, entry.sha256(), path));
    }

    private Optional<ModelSource> builtin(String id, String path) {
      if (builtinModels.contains(id)) {
        return Optional.of(new ModelSource.Builtin(id));
      }
      problems.add(
          origin.problem(
              path,
              "\"%s\" is not a builtin model.".formatted(id),
              Suggestions.advice(id, builtinModels)));
      return Optional.empty();
    }

    private Optional<ModelSource> local(Path file, @Nullable String expected, String path) {
      try {
        String actual = sha256(file);
        if (expected == null || expected.equals(actual)) {
          return Optional.of(new ModelSource.Remote(file.toUri(), actual));
        }
        problems.add(
            origin.problem(
                path + ".sha256",
                "%s has the SHA-256 %s, not %s.".formatted(file, actual, expected),
                "Is it another version of the file?"));
      } catch (IOException e) {
        problems.add(
            origin.problem(path + ".source", "%s cannot be read: %s.".formatted(file, e), ""));
      }
      return Optional.empty();
    }

    private Optional<URI> uri(String text, String path) {
      try {
        URI uri = new URI(text);
        if (uri.getHost() != null) {
          return Optional.of(uri);
        }
        problems.add(origin.problem(path, "\"%s\" names no host.".formatted(text), ""));
      } catch (URISyntaxException e) {
        problems.add(
            origin.problem(path, "\"%s\" is not a URL: %s.".formatted(text, e.getReason()), ""));
      }
      return Optional.empty();
    }

    private Optional<Path> file(String text, String path) {
      if (baseDirectory.isEmpty()) {
        problems.add(
            origin.problem(
                path,
                "\"%s\" is a file, and files can only be used in local runs.".formatted(text),
                "Serve it at an https:// URL."));
        return Optional.empty();
      }
      try {
        String name = text.startsWith("file:") ? text.substring("file:".length()) : text;
        // file:///a/b is what browsers show for /a/b
        Path file =
            baseDirectory
                .get()
                .resolve(name.startsWith("//") ? name.replaceFirst("^/+", "/") : name)
                .toAbsolutePath()
                .normalize();
        if (Files.isRegularFile(file)) {
          return Optional.of(file);
        }
        problems.add(
            origin.problem(
                path,
                "there is no file %s.".formatted(file),
                "Relative paths begin at the job's file."));
      } catch (InvalidPathException e) {
        problems.add(origin.problem(path, "\"%s\" is not a path.".formatted(text), ""));
      }
      return Optional.empty();
    }
  }

  private static ModelInput input(TestJobSpec.InputEntry entry) {
    return new ModelInput(
        entry.name(),
        entry.type().name().toLowerCase(Locale.ROOT),
        entry.shape(),
        or(entry.fill(), TestJobSpec.Fill.RANDOM).name().toLowerCase(Locale.ROOT));
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
