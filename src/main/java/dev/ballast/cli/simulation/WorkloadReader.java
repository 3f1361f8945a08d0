package dev.ballast.cli.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ballast.balancer.Priors;
import dev.ballast.cli.simulation.ArrivalsFile.ArrivalList;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.workload.Arrivals;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a workload from JSON. Everything that is wrong is said at once, each with the path of the
 * field, its value, and what would be right.
 */
public final class WorkloadReader {
  static final int MOST_TASKS = 20_000_000;
  static final double MOST_SECONDS = 1e8;
  private static final int MOST_BROWSERS = 100_000;
  private static final int MOST_SLOTS = 1000;
  private static final double MOST_MIB = 1e9;
  private static final double MOST_ADVANTAGE = 1000;

  private final Path file;
  private final Fields fields;
  private final List<String> problems;
  private final List<BrowserClass> browsers = new ArrayList<>();
  private final List<SimulatedModel> models = new ArrayList<>();

  /** What was read, or what is wrong with it. */
  public record Reading(Optional<Workload> workload, List<String> problems) {
    public Reading {
      problems = List.copyOf(problems);
    }
  }

  private WorkloadReader(Path file, List<String> problems) {
    this.file = file;
    this.problems = problems;
    this.fields = new Fields(file.toString(), problems);
  }

  public static Reading read(Path file) {
    List<String> problems = new ArrayList<>();
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      JsonNode root =
          JsonMapper.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .build()
              .readTree(text);
      return new Reading(new WorkloadReader(file, problems).workload(root), problems);
    } catch (NoSuchFileException e) {
      problems.add(file + ": there is no such file.");
    } catch (JsonProcessingException e) {
      problems.add(
          "%s:%d: is not JSON: %s."
              .formatted(file, e.getLocation() == null ? 1 : e.getLocation().getLineNr(), what(e)));
    } catch (MalformedInputException e) {
      problems.add(file + ": is no text in UTF-8.");
    } catch (IOException e) {
      problems.add("%s: can't be read (%s).".formatted(file, e.getMessage()));
    }
    return new Reading(Optional.empty(), problems);
  }

  /** The first line of what the parser says, without its advice to programmers. */
  private static String what(JsonProcessingException e) {
    String said = e.getOriginalMessage().lines().findFirst().orElse("");
    return said.replaceFirst("(: enable `| \\(bound as |: not allowed as per ).*", "");
  }

  /** Replays arrivals of a CSV on the browsers and models of another workload. */
  public static Reading replay(Workload idle, Path csv) {
    List<String> problems = new ArrayList<>();
    ArrivalList arrivals = new ArrivalList();
    ArrivalsFile.read(
        csv, idle.models().stream().map(SimulatedModel::name).toList(), arrivals, problems);
    if (problems.isEmpty() && arrivals.tasks() == 0) {
      problems.add(csv + ": holds no arrivals.");
    }
    return new Reading(
        problems.isEmpty()
            ? Optional.of(idle.withArrivals(Arrivals.of(arrivals.seconds(), arrivals.models())))
            : Optional.empty(),
        problems);
  }

  private Optional<Workload> workload(JsonNode root) {
    if (!fields.object(
        root,
        "",
        Set.of(
            "name", "browsers", "models", "arrivals", "arrivalsFile", "disruptions", "priors"))) {
      return Optional.empty();
    }
    String name = fields.word(root, "", "name").orElse("");
    each(root, "browsers", true, this::browser);
    if (problems.isEmpty()
        && browsers.stream().mapToLong(BrowserClass::count).sum() > MOST_BROWSERS) {
      fields.problem("browsers", "are more than %,d in all.".formatted(MOST_BROWSERS));
    }
    each(root, "models", true, this::model);
    ArrivalList arrivals = new ArrivalList();
    each(root, "arrivals", false, (node, path) -> arrival(node, path, arrivals));
    if (root.hasNonNull("arrivalsFile")) {
      fields
          .word(root, "", "arrivalsFile")
          .ifPresent(
              csv -> ArrivalsFile.read(file.resolveSibling(csv), modelNames(), arrivals, problems));
    }
    if (problems.isEmpty() && arrivals.tasks() == 0) {
      fields.problem("arrivals", "nothing arrives. Give arrivals, an arrivalsFile, or both.");
    }
    if (arrivals.tasks() > MOST_TASKS) {
      fields.problem("arrivals", "are more than %,d tasks.".formatted(MOST_TASKS));
    }
    List<Disruption> disruptions = new ArrayList<>();
    each(root, "disruptions", false, (node, path) -> disruption(node, path, disruptions));
    List<Priors.Affinity> priors = new ArrayList<>();
    each(root, "priors", false, (node, path) -> prior(node, path, priors));
    return problems.isEmpty()
        ? Optional.of(
            new Workload(
                name,
                browsers,
                models,
                Arrivals.of(arrivals.seconds(), arrivals.models()),
                disruptions,
                new Priors(priors, Priors.DEFAULTS.weight())))
        : Optional.empty();
  }

  private void each(JsonNode root, String field, boolean required, Element element) {
    List<JsonNode> nodes = fields.list(root, "", field, required);
    for (int i = 0; i < nodes.size(); i++) {
      element.read(nodes.get(i), "%s[%d]".formatted(field, i));
    }
  }

  private interface Element {
    void read(JsonNode node, String path);
  }

  private void browser(JsonNode node, String path) {
    if (!fields.object(
        node, path, Set.of("name", "kind", "count", "slots", "memoryMiB", "backends"))) {
      return;
    }
    String name = fields.word(node, path, "name").orElse("");
    if (browsers.stream().anyMatch(other -> other.name().equals(name))) {
      fields.problem(path + ".name", "\"%s\" is there twice.".formatted(name));
    }
    BrowserKind kind = parsed(node, path, "kind", BrowserKind::new).orElse(BrowserKind.CHROME);
    List<Backend> backends = new ArrayList<>();
    List<JsonNode> named = fields.list(node, path, "backends", true);
    for (int i = 0; i < named.size(); i++) {
      try {
        backends.add(new Backend(named.get(i).asText()));
      } catch (IllegalArgumentException e) {
        fields.problem("%s.backends[%d]".formatted(path, i), String.valueOf(e.getMessage()));
      }
    }
    browsers.add(
        new BrowserClass(
            name,
            kind,
            fields.count(node, path, "count", MOST_BROWSERS, 1),
            fields.count(node, path, "slots", MOST_SLOTS, 1),
            fields.number(node, path, "memoryMiB", 1, MOST_MIB, Double.NaN),
            backends));
  }

  private <T> Optional<T> parsed(
      JsonNode node, String path, String field, Function<String, T> parse) {
    return fields
        .word(node, path, field)
        .flatMap(text -> {
          try {
            return Optional.of(parse.apply(text));
          } catch (IllegalArgumentException e) {
            fields.problem(Fields.child(path, field), String.valueOf(e.getMessage()));
            return Optional.empty();
          }
        });
  }

  private void model(JsonNode node, String path) {
    if (!fields.object(
        node,
        path,
        Set.of(
            "name",
            "family",
            "memoryMiB",
            "loadSeconds",
            "serviceSeconds",
            "variation",
            "failureRatio"))) {
      return;
    }
    String name = fields.word(node, path, "name").orElse("");
    if (modelNames().contains(name)) {
      fields.problem(path + ".name", "\"%s\" is there twice.".formatted(name));
    }
    models.add(
        new SimulatedModel(
            name,
            family(node, path),
            fields.number(node, path, "memoryMiB", 0, MOST_MIB, Double.NaN),
            loads(node, path),
            services(node, path),
            fields.number(node, path, "variation", 0, 10, 0),
            fields.number(node, path, "failureRatio", 0, 1, 0)));
  }

  private ModelFamily family(JsonNode node, String path) {
    List<String> known = Arrays.stream(ModelFamily.values()).map(ModelFamily::label).toList();
    return fields
        .oneOf(node, path, "family", "family", known)
        .flatMap(ModelFamily::of)
        .orElse(ModelFamily.OTHER);
  }

  private Map<String, Double> loads(JsonNode node, String path) {
    Map<String, Double> loads = new LinkedHashMap<>();
    JsonNode load = node.get("loadSeconds");
    if (load != null && load.isObject()) {
      String where = path + ".loadSeconds";
      fields.object(load, where, new HashSet<>(browserNames()));
      for (var entry : load.properties()) {
        loads.put(
            entry.getKey(),
            fields.number(entry.getValue(), where + "." + entry.getKey(), 0, MOST_SECONDS));
      }
    } else {
      double everywhere = fields.number(node, path, "loadSeconds", 0, MOST_SECONDS, 0);
      browserNames().forEach(browser -> loads.put(browser, everywhere));
    }
    return loads;
  }

  private Map<String, Map<Backend, Double>> services(JsonNode node, String path) {
    Map<String, Map<Backend, Double>> services = new LinkedHashMap<>();
    String where = path + ".serviceSeconds";
    JsonNode service = node.get("serviceSeconds");
    if (service == null) {
      fields.problem(where, "is missing. It must be an object: browser, then backend.");
      return services;
    }
    if (!fields.object(service, where, new HashSet<>(browserNames()))) {
      return services;
    }
    for (var at : service.properties()) {
      Optional<BrowserClass> browser =
          browsers.stream().filter(each -> each.name().equals(at.getKey())).findFirst();
      if (browser.isEmpty()) {
        continue;
      }
      String there = where + "." + at.getKey();
      Set<String> backends = new HashSet<>();
      browser.get().backends().forEach(backend -> backends.add(backend.name()));
      if (!fields.object(at.getValue(), there, backends)) {
        continue;
      }
      Map<Backend, Double> times = new LinkedHashMap<>();
      for (var on : at.getValue().properties()) {
        if (backends.contains(on.getKey())) {
          times.put(
              new Backend(on.getKey()),
              fields.number(on.getValue(), there + "." + on.getKey(), 1e-6, MOST_SECONDS));
        }
      }
      services.put(at.getKey(), times);
    }
    return services;
  }

  private void arrival(JsonNode node, String path, ArrivalList arrivals) {
    if (!fields.object(node, path, Set.of("atSeconds", "model", "count"))) {
      return;
    }
    double at = fields.number(node, path, "atSeconds", 0, MOST_SECONDS, Double.NaN);
    int count = fields.count(node, path, "count", MOST_TASKS, 1);
    fields
        .oneOf(node, path, "model", "model", modelNames())
        .ifPresent(model -> arrivals.add(at, modelNames().indexOf(model), count));
  }

  private void disruption(JsonNode node, String path, List<Disruption> disruptions) {
    if (!fields.object(
        node,
        path,
        Set.of("atSeconds", "type", "browser", "count", "factor", "family", "forSeconds"))) {
      return;
    }
    double at = fields.number(node, path, "atSeconds", 0, MOST_SECONDS, Double.NaN);
    Optional<String> type =
        fields.oneOf(
            node, path, "type", "disruption", List.of("worker-lost", "slowdown", "release"));
    int browser =
        fields
            .oneOf(node, path, "browser", "browser", browserNames())
            .map(browserNames()::indexOf)
            .orElse(-1);
    if (type.isEmpty() || browser < 0) {
      return;
    }
    switch (type.get()) {
      case "worker-lost" -> {
        int count = fields.count(node, path, "count", browsers.get(browser).count(), 1);
        refuse(node, path, "factor", "a slowdown or a release");
        refuse(node, path, "family", "a release");
        disruptions.add(new Disruption.WorkerLost(at, browser, count, lasts(node, path)));
      }
      case "slowdown" -> {
        double factor = fields.number(node, path, "factor", 1e-3, 1000, Double.NaN);
        refuse(node, path, "count", "a loss of workers");
        refuse(node, path, "family", "a release");
        disruptions.add(new Disruption.Slowdown(at, browser, factor, lasts(node, path)));
      }
      default -> {
        double factor = fields.number(node, path, "factor", 1e-3, 1000, Double.NaN);
        refuse(node, path, "count", "a loss of workers");
        refuse(node, path, "forSeconds", "a loss of workers or a slowdown");
        disruptions.add(new Disruption.Release(at, browser, family(node, path), factor));
      }
    }
  }

  private double lasts(JsonNode node, String path) {
    return fields.number(node, path, "forSeconds", 1e-3, MOST_SECONDS, Double.NaN);
  }

  private void refuse(JsonNode node, String path, String field, String of) {
    if (node.has(field)) {
      fields.problem(path + "." + field, "belongs to %s only.".formatted(of));
    }
  }

  private void prior(JsonNode node, String path, List<Priors.Affinity> priors) {
    if (!fields.object(node, path, Set.of("family", "browser", "advantage"))) {
      return;
    }
    ModelFamily family = family(node, path);
    double advantage = fields.number(node, path, "advantage", 1e-3, MOST_ADVANTAGE, Double.NaN);
    parsed(node, path, "browser", BrowserKind::new)
        .ifPresent(kind -> priors.add(new Priors.Affinity(family, kind, advantage)));
  }

  private List<String> browserNames() {
    return browsers.stream().map(BrowserClass::name).toList();
  }

  private List<String> modelNames() {
    return models.stream().map(SimulatedModel::name).toList();
  }
}
