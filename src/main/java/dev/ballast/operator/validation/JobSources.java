package dev.ballast.operator.validation;

import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelInput;
import dev.ballast.model.ModelSource;
import dev.ballast.model.TestModel;
import dev.ballast.operator.resource.ModelEntry;
import dev.ballast.operator.resource.PageEntry;
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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up what a job names, and collects what is not there. */
final class JobSources {
  private final List<String> builtinModels;
  private final Optional<Path> baseDirectory;
  private final Origin origin;
  private final List<Problem> problems = new ArrayList<>();

  JobSources(List<String> builtinModels, Optional<Path> baseDirectory, Origin origin) {
    this.builtinModels = builtinModels;
    this.baseDirectory = baseDirectory;
    this.origin = origin;
  }

  List<Problem> problems() {
    return problems;
  }

  List<TestModel> models(TestJobSpec spec, TestJobSpec.Matrix matrix) {
    PageEntry page = spec.page();
    if (page != null) {
      return page(page).map(List::of).orElse(List.of());
    }
    List<TestModel> models = new ArrayList<>();
    List<ModelEntry> entries = Absent.or(matrix.models(), List.of());
    for (int i = 0; i < entries.size(); i++) {
      model(entries.get(i), "spec.matrix.models[%d]".formatted(i)).ifPresent(models::add);
    }
    return models;
  }

  private Optional<TestModel> page(PageEntry page) {
    ModelFamily family = page.family() == null ? ModelFamily.OTHER : page.family().family();
    String path = "spec.page.url";
    Optional<URI> url =
        page.url().startsWith("http://") || page.url().startsWith("https://")
            ? uri(page.url(), path)
            : file(page.url(), path).map(Path::toUri);
    return url.map(
        found -> new TestModel(page.name(), family, new ModelSource.Page(found), List.of()));
  }

  private Optional<TestModel> model(ModelEntry entry, String path) {
    List<ModelInput> inputs =
        Absent.or(entry.inputs(), List.<ModelEntry.InputEntry>of()).stream()
            .map(JobSources::input)
            .toList();
    return source(entry, path)
        .map(source -> new TestModel(entry.name(), entry.family().family(), source, inputs));
  }

  private Optional<? extends ModelSource> source(ModelEntry entry, String path) {
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
              (Files.isDirectory(file) ? "%s is a directory, not a file." : "there is no file %s.")
                  .formatted(file),
              "Relative paths begin at the job's file."));
    } catch (InvalidPathException e) {
      problems.add(origin.problem(path, "\"%s\" is not a path.".formatted(text), ""));
    }
    return Optional.empty();
  }

  private static ModelInput input(ModelEntry.InputEntry entry) {
    return new ModelInput(
        entry.name(),
        entry.type().name().toLowerCase(Locale.ROOT),
        entry.shape(),
        Absent.or(entry.fill(), ModelEntry.Fill.RANDOM).name().toLowerCase(Locale.ROOT));
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
