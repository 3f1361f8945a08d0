package dev.ballast.operator;

import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.SyncResponse;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An agent without a browser, started with the arguments of its pod: one exchange after another.
 */
final class TestingAgent {
  private static final int HELD_MILLIS = 200;
  private static final Executor RETRY =
      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

  private final TestingKubelet kubelet;
  private final Supplier<DispatchLoop> dispatch;
  private final Runnable whenIdle;
  private final TestingWorker worker;
  private volatile boolean stopped;
  private volatile boolean ending;
  private volatile int held;

  /** {@code whenIdle}: called each time its last task has ended. */
  TestingAgent(
      TestingKubelet kubelet, Pod pod, Supplier<DispatchLoop> dispatch, Runnable whenIdle) {
    this.kubelet = kubelet;
    this.dispatch = dispatch;
    this.whenIdle = whenIdle;
    this.worker = worker(pod);
    var _ = CompletableFuture.runAsync(this::exchange);
  }

  private static TestingWorker worker(Pod pod) {
    Map<String, String> labels = new LinkedHashMap<>();
    Map<String, String> options = new HashMap<>();
    for (String argument : pod.getSpec().getContainers().getFirst().getArgs()) {
      int at = argument.indexOf('=');
      if (argument.startsWith("--label=")) {
        String[] label = argument.substring(at + 1).split("=", 2);
        labels.put(label[0], label[1]);
      } else if (at > 0) {
        options.put(argument.substring(2, at), argument.substring(at + 1));
      }
    }
    String name =
        options
            .get("name")
            .replace("$(POD_NAME)", pod.getMetadata().getName())
            .replace("$(POD_NAMESPACE)", pod.getMetadata().getNamespace());
    return new TestingWorker(
        name,
        options.get("pool"),
        labels,
        new BrowserKind(options.get("browser")),
        Integer.parseInt(options.get("slots")),
        List.of(Backend.WASM, Backend.WEBGPU),
        true);
  }

  private void exchange() {
    if (stopped) {
      return;
    }
    if (ending) {
      worker.drain();
    }
    try {
      var _ = dispatch.get().sync(worker.request(HELD_MILLIS)).whenCompleteAsync(this::take);
    } catch (CompletionException e) {
      RETRY.execute(this::exchange);
    }
  }

  private void take(@Nullable SyncResponse response, @Nullable Throwable failure) {
    if (response == null) {
      RETRY.execute(this::exchange); // no controller at the moment
      return;
    }
    worker.take(response);
    if (!kubelet.nothingStarts) {
      worker.startAll();
    }
    if (!kubelet.tasksHang) {
      for (Assignment assignment : worker.running()) {
        worker.finish(
            assignment.attempt(), kubelet.nextOutcome(assignment.job()), Instant.now(), 5);
      }
    }
    int before = held;
    held = worker.running().size() + worker.bound().size();
    if (before > 0 && held == 0) {
      whenIdle.run();
    }
    exchange();
  }

  /** As on SIGTERM: it takes nothing new. */
  void end() {
    ending = true;
  }

  boolean isIdle() {
    return held == 0;
  }

  void stop() {
    stopped = true;
  }
}
