package dev.ballast.operator;

import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.TestingJournal;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.OperatorException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A controller that dies at its first write of each life, each fourth time before the API server
 * has it and else right after, and is started again on the same journal. Dead means: not one more
 * request, and not one more event in the journal.
 */
final class TestingLives implements AutoCloseable {
  private final TestingCluster cluster;
  private final TestingJournal journal = new TestingJournal();
  private final String namespace;
  private final Thread thread;
  private volatile @Nullable TestingController present;
  private volatile boolean closed;
  private final AtomicInteger deaths = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();

  TestingLives(TestingCluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.thread = Thread.ofPlatform().daemon().name("lives").start(this::live);
  }

  int deaths() {
    return deaths.get();
  }

  /** Writes that the API server had. */
  int writes() {
    return writes.get();
  }

  /** For agents: of the life that is, or fails as a controller that is away does. */
  DispatchLoop dispatch() {
    TestingController now = present;
    if (now == null) {
      throw new CompletionException(new IllegalStateException("no controller at the moment"));
    }
    return now.dispatch();
  }

  private void live() {
    while (!closed) {
      Life life = new Life(deaths.get() % 4 == 3);
      try (TestingController controller =
          new TestingController(
              cluster.clientConfig(), journal, journal.nextEpoch() + 1, List.of(life), namespace)) {
        present = controller;
        life.controller.complete(controller);
        life.dies.join();
        present = null;
      } catch (KubernetesClientException | OperatorException e) {
        // It died while it started.
      }
      deaths.incrementAndGet();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private final class Life implements Interceptor {
    private final boolean diesBefore;
    private final AtomicBoolean wrote = new AtomicBoolean();
    private final CompletableFuture<TestingController> controller = new CompletableFuture<>();
    private final CompletableFuture<Void> dies = new CompletableFuture<>();

    Life(boolean diesBefore) {
      this.diesBefore = diesBefore;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (!request.method().equals("GET")) {
        if (!wrote.compareAndSet(false, true)) {
          throw dead();
        }
        if (diesBefore) {
          die();
          throw dead();
        }
        writes.incrementAndGet();
      } else if (dies.isDone()) {
        throw dead();
      }
    }

    @Override
    public void after(
        HttpRequest request,
        HttpResponse<?> response,
        AsyncBody.Consumer<List<ByteBuffer>> consumer) {
      if (!request.method().equals("GET")) {
        die();
      }
    }

    private void die() {
      var _ = controller.thenAccept(life -> life.dispatch().close());
      dies.complete(null);
    }

    private static KubernetesClientException dead() {
      return new KubernetesClientException("the process is dead");
    }
  }
}
