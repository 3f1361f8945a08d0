package dev.ballast.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.ModelInput;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import dev.ballast.worker.models.BuiltinModel;
import dev.ballast.worker.models.BuiltinModels;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the models of this worker lie: the shipped ones, the user's files, and a cache of what was
 * downloaded, by SHA-256.
 */
public final class ModelShelf {
  private final PageServer pages;
  private final Path cache;
  private final Supplier<Downloads> downloads;

  /**
   * A model that a page here can load.
   *
   * @param fetched it was downloaded for this attempt
   */
  record Shelved(
      Optional<BuiltinModel> builtin, URI url, String sha256, long bytes, boolean fetched) {
    /**
     * Estimate of what it occupies in a browser: engines hold the weights about twice, beside
     * buffers for what lies between the layers.
     */
    long memoryBytes() {
      long known = builtin.map(BuiltinModel::memoryBytes).orElse(0L);
      return known > 0 ? known : 2 * bytes + (16L << 20);
    }

    boolean randomWeights() {
      return builtin.map(BuiltinModel::randomWeights).orElse(false);
    }

    /** Its name in the runner page. */
    String residentKey(Backend backend) {
      return sha256 + "|" + backend;
    }
  }

  /**
   * {@code cache}: a folder for downloaded models, made when it is needed. {@code downloads} is
   * asked for at the first download.
   */
  public ModelShelf(PageServer pages, Path cache, Supplier<Downloads> downloads) {
    this.pages = pages;
    this.cache = cache;
    this.downloads = downloads;
  }

  Shelved shelve(TestModel model) throws AttemptFailure {
    try {
      return switch (model.source()) {
        case ModelSource.Builtin(String id) -> builtin(id);
        case ModelSource.Remote(URI location, String sha256)
            when "file".equals(location.getScheme()) ->
            file(Path.of(location), sha256, false);
        case ModelSource.Remote(URI location, String sha256) -> remote(location, sha256);
        case ModelSource.Page(URI url) ->
            throw new IllegalArgumentException(url + " is a page, not a model");
      };
    } catch (Downloads.RefusedException e) {
      throw new AttemptFailure(Outcome.FAILED, e.code(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AttemptFailure(Outcome.FAILED, "model-not-found", String.valueOf(e.getMessage()));
    }
  }

  /**
   * The address under which a browser finds the user's page; a page that is a file is served from
   * here.
   */
  URI page(URI url) {
    return "file".equals(url.getScheme())
        ? pages.serveFile(String.valueOf(Path.of(url).getFileName()), Path.of(url))
        : url;
  }

  private Shelved builtin(String id) throws AttemptFailure {
    BuiltinModel model =
        BuiltinModels.shipped()
            .find(id)
            .orElseThrow(() ->
                new AttemptFailure(
                    Outcome.FAILED,
                    "model-not-found",
                    "this worker ships no model \"%s\"".formatted(id)));
    return new Shelved(
        Optional.of(model),
        pages.address("/models/" + model.file()),
        model.sha256(),
        model.bytes(),
        false);
  }

  private Shelved remote(URI location, String sha256) throws IOException {
    Files.createDirectories(cache);
    Path cached = cache.resolve(sha256);
    boolean there = Files.isRegularFile(cached);
    if (!there) {
      downloads.get().fetch(location, sha256, cached);
    }
    return file(cached, sha256, !there);
  }

  /** The bytes kept for a downloaded model are not the ones promised: the next use fetches anew. */
  void distrust(TestModel model) {
    if (model.source() instanceof ModelSource.Remote(URI location, String sha256)
        && !"file".equals(location.getScheme())) {
      try {
        Files.deleteIfExists(cache.resolve(sha256));
      } catch (IOException e) {
        System.getLogger(ModelShelf.class.getName())
            .log(System.Logger.Level.WARNING, "a corrupt model stays in the cache", e);
      }
    }
  }

  private Shelved file(Path path, String sha256, boolean fetched) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException("%s is not a file of this worker's machine".formatted(path));
    }
    return new Shelved(
        Optional.empty(), pages.serveFile(sha256, path), sha256, Files.size(path), fetched);
  }

  /** What the runner page is asked to do; {@code job} carries the nonce already. */
  ObjectNode job(Shelved shelved, Assignment assignment, ObjectNode job) {
    Backend backend = assignment.backend();
    RunOptions run = assignment.run();
    job.put("attempt", assignment.attempt().toString())
        .put("backend", backend.name())
        .put("threads", 1)
        .put("seed", 1);
    ObjectNode model = job.putObject("model");
    shelved.builtin().ifPresent(builtin -> describe(builtin, backend, job, model));
    if (shelved.builtin().isEmpty()) {
      inputs(assignment.model(), model);
    }
    model
        .put("name", assignment.model().name())
        .put("url", shelved.url().toString())
        .put("sha256", shelved.sha256());
    model.put("builtin", shelved.builtin().isPresent());
    ObjectNode options = job.putObject("run");
    options
        .put("warmupIterations", run.warmupIterations())
        .put("minIterations", run.minIterations())
        .put("maxIterations", run.maxIterations());
    options
        .put("targetCiWidthRatio", run.targetCiWidthRatio())
        .put("maxDurationMillis", run.maxDuration().toMillis());
    return job;
  }

  private static void describe(
      BuiltinModel builtin, Backend backend, ObjectNode job, ObjectNode model) {
    model.setAll((ObjectNode) builtin.description().deepCopy());
    job.set("seed", builtin.description().path("seed"));
    job.set("reference", builtin.golden());
    Optional.ofNullable(builtin.builds().get(backend)).ifPresent(build -> job.put("build", build));
    Optional.ofNullable(builtin.tolerances().get(backend))
        .ifPresent(tolerance -> job.put("tolerance", tolerance));
  }

  private static void inputs(TestModel given, ObjectNode model) {
    var inputs = model.putArray("inputs");
    for (ModelInput input : given.inputs()) {
      var shape =
          inputs
              .addObject()
              .put("name", input.name())
              .put("type", input.type())
              .put("fill", input.fill())
              .putArray("shape");
      input.shape().forEach(shape::add);
    }
  }
}
