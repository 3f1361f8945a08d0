package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A fleet whose browsers compute in more than one way, and models for which another way is best:
 * what a job that leaves {@code backends} out has to find out. 8 browsers each of chrome (wasm,
 * webgpu), firefox (wasm) and edge (wasm, webgpu, half of them webnn, too) with 2 slots and 2 GiB;
 * families, sizes and shares of {@link SeedMix}.
 *
 * <pre>
 * small models    a call to the GPU costs more than it saves: wasm 1.5 to 2.7 times as fast
 * large models    webgpu or webnn 3.4 to 6.6 times as fast
 * between them    webgpu or webnn 1.4 to 2.4 times as fast; for audio webgpu within 5 % of wasm
 * </pre>
 *
 * The priors are the configured defaults: of backends they say nothing, and of kinds what is not so
 * here, where firefox is a tenth faster at any wasm, and chrome at any webgpu.
 */
final class BackendMix {
  private static final double LOAD_SECONDS = 3;
  private static final double VARIATION = 0.25;
  private static final int SLOTS = 2;
  private static final double MEMORY_MIB = 2048;

  private static final BrowserClass CHROME =
      browsers("chrome", BrowserKind.CHROME, 8, Backend.WASM, Backend.WEBGPU);
  private static final BrowserClass FIREFOX =
      browsers("firefox", BrowserKind.FIREFOX, 8, Backend.WASM);
  private static final BrowserClass EDGE =
      browsers("edge", BrowserKind.EDGE, 4, Backend.WASM, Backend.WEBGPU);
  private static final BrowserClass EDGE_NPU =
      browsers("edge-npu", BrowserKind.EDGE, 4, Backend.WASM, Backend.WEBGPU, Backend.WEBNN);

  private static final double NEVER = Double.POSITIVE_INFINITY;

  /**
   * A model.
   *
   * @param share of all tasks
   * @param wasm seconds where nothing is special, and so the others
   * @param webnn infinite where it lacks operators of the model
   */
  private record Row(
      String name,
      ModelFamily family,
      double memoryMiB,
      double share,
      double wasm,
      double webgpu,
      double webnn) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("vision-small", ModelFamily.VISION, 250, 0.4 / 3, 2, 4, 3),
          new Row("vision-medium", ModelFamily.VISION, 375, 0.4 / 3, 6, 4, 2.5),
          new Row("vision-large", ModelFamily.VISION, 500, 0.4 / 3, 15, 3, 2.5),
          new Row("audio-small", ModelFamily.AUDIO, 250, 0.1, 1.5, 4, 2.5),
          new Row("audio-medium", ModelFamily.AUDIO, 375, 0.1, 4, 4.2, 5),
          new Row("audio-large", ModelFamily.AUDIO, 500, 0.1, 12, 3.5, 4),
          new Row("text-small", ModelFamily.TEXT_EMBEDDING, 250, 0.2 / 3, 2, 5, NEVER),
          new Row("text-medium", ModelFamily.TEXT_EMBEDDING, 375, 0.2 / 3, 5, 3.5, NEVER),
          new Row("text-large", ModelFamily.TEXT_EMBEDDING, 500, 0.2 / 3, 12, 3, NEVER),
          new Row("llm-small", ModelFamily.LLM, 250, 0.1 / 3, 3, 6, NEVER),
          new Row("llm-medium", ModelFamily.LLM, 375, 0.1 / 3, 9, 6, NEVER),
          new Row("llm-large", ModelFamily.LLM, 500, 0.1 / 3, 24, 4, NEVER));

  private BackendMix() {}

  /** The fleet and the models; nothing arrives yet. */
  static Workload idle(String name) {
    List<BrowserClass> browsers = List.of(CHROME, FIREFOX, EDGE, EDGE_NPU);
    return new Workload(
        name,
        browsers,
        ROWS.stream().map(row -> model(row, browsers)).toList(),
        Arrivals.NONE,
        List.of(),
        Priors.DEFAULTS);
  }

  /** How often each model comes. */
  static double[] shares() {
    return ROWS.stream().mapToDouble(Row::share).toArray();
  }

  private static SimulatedModel model(Row row, List<BrowserClass> browsers) {
    Map<String, Map<Backend, Double>> service = new HashMap<>();
    Map<String, Double> loads = new HashMap<>();
    for (BrowserClass at : browsers) {
      Map<Backend, Double> times = new HashMap<>();
      for (Backend backend : at.backends()) {
        double seconds = seconds(row, at, backend);
        if (seconds < NEVER) {
          times.put(backend, seconds);
        }
      }
      service.put(at.name(), times);
      loads.put(at.name(), LOAD_SECONDS);
    }
    return new SimulatedModel(
        row.name(), row.family(), row.memoryMiB(), loads, service, VARIATION, 0);
  }

  private static double seconds(Row row, BrowserClass at, Backend backend) {
    if (backend.equals(Backend.WASM)) {
      return at.kind().equals(BrowserKind.FIREFOX) ? row.wasm() / 1.1 : row.wasm();
    }
    if (backend.equals(Backend.WEBNN)) {
      return row.webnn();
    }
    return at.kind().equals(BrowserKind.CHROME) ? row.webgpu() / 1.1 : row.webgpu();
  }

  private static BrowserClass browsers(
      String name, BrowserKind kind, int count, Backend... backends) {
    return new BrowserClass(name, kind, count, SLOTS, MEMORY_MIB, List.of(backends));
  }
}
