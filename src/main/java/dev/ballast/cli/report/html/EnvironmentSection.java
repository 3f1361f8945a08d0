package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.Units;
import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.Capability;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where it was measured. */
final class EnvironmentSection extends HtmlSection {
  private static final int SHOWN_ARGUMENTS = 12;

  EnvironmentSection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    section("environment", "Environment", "");
    out.append("<dl>");
    entry("Machine", distinct(view.results().stream().map(AttemptResult::node).toList()));
    entry("System", distinct(view.results().stream().map(AttemptResult::os).toList()));
    entry(
        "Engine",
        distinct(
            view.results().stream()
                .map(AttemptResult::runtime)
                .filter(Objects::nonNull)
                .map(e -> e.name() + (e.version() == null ? "" : " " + e.version()))
                .toList()));
    view.data().files().forEach(file -> entry(file.label(), file.path()));
    out.append("</dl>\n");
    browsers().forEach(this::browser);
    out.append("</section>\n");
  }

  private record BrowserUse(BrowserInstance instance, Set<String> workers, Set<String> adapters) {}

  private Map<String, BrowserUse> browsers() {
    Map<String, BrowserUse> uses = new TreeMap<>();
    for (AttemptResult result : view.results()) {
      BrowserInstance browser = result.browser();
      if (browser != null) {
        BrowserUse use =
            uses.computeIfAbsent(
                browser.kind() + " " + browser.version() + " " + browser.arguments(),
                key -> new BrowserUse(browser, new TreeSet<>(), new LinkedHashSet<>()));
        use.workers().add(result.worker());
        Optional.ofNullable(result.adapter())
            .map(EnvironmentSection::text)
            .ifPresent(use.adapters()::add);
      }
    }
    return uses;
  }

  private void browser(String key, BrowserUse use) {
    BrowserInstance instance = use.instance();
    out.append(
        "<div class=\"browser k%d\"><h3 class=\"kind\">%s %s</h3><dl>"
            .formatted(
                colour(instance.kind().name()),
                escape(instance.kind().name()),
                escape(instance.version())));
    Optional<Capability> probed =
        use.workers().stream()
            .flatMap(w -> Optional.ofNullable(view.data().browsers().get(w)).stream())
            .findFirst();
    entry("Workers", String.join(", ", use.workers()));
    Set<String> adapters = new LinkedHashSet<>(use.adapters());
    probed.flatMap(Capability::adapter).map(EnvironmentSection::text).ifPresent(adapters::add);
    entry("GPU adapter", adapters.isEmpty() ? "not told" : String.join("; ", adapters));
    probed.ifPresent(this::capability);
    arguments(instance.arguments());
    out.append("</dl></div>\n");
  }

  /** The quiet preferences of a Firefox are a screenful, and nobody's first question. */
  private void arguments(List<String> arguments) {
    String all = "<code>%s</code>".formatted(escape(String.join(" ", arguments)));
    out.append("<dt>Arguments</dt><dd>");
    if (arguments.isEmpty()) {
      out.append("none");
    } else if (arguments.size() <= SHOWN_ARGUMENTS) {
      out.append(all);
    } else {
      out.append(
          "<details><summary>%d, preferences among them</summary>%s</details>"
              .formatted(arguments.size(), all));
    }
    out.append("</dd>");
  }

  private void capability(Capability probed) {
    entry(
        "Probed backends",
        probed.backends().stream().map(Object::toString).collect(Collectors.joining(", ")));
    List<String> abilities = new ArrayList<>();
    abilities.add(probed.wasmSimd() ? "WASM SIMD" : "no WASM SIMD");
    abilities.add(probed.wasmThreads() ? "WASM threads" : "no WASM threads");
    abilities.add(probed.crossOriginIsolated() ? "cross-origin isolated" : "not isolated");
    if (!probed.webnnDevices().isEmpty()) {
      abilities.add("WebNN on " + String.join(", ", probed.webnnDevices()));
    }
    probed
        .timerResolutionMillis()
        .ifPresent(step -> abilities.add("clock step %s µs".formatted(Units.digits(step * 1000))));
    entry("Abilities", String.join(", ", abilities));
  }

  private static String text(Adapter adapter) {
    String name =
        List.of(adapter.vendor(), adapter.architecture(), adapter.description()).stream()
            .filter(part -> !part.isBlank())
            .distinct()
            .collect(Collectors.joining(" "));
    return (name.isEmpty() ? "unnamed" : name) + (adapter.software() ? " (software)" : "");
  }
}
