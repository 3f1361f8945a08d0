package dev.ballast.operator;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.CountDownLatch;

/**
 * Holds the requests of a process that was stopped: they go on, late, when it goes on. Played: what
 * the process hears meanwhile, which SIGSTOP would keep from it; it makes its plans of it, and that
 * is the worse case.
 */
final class TestingPause implements Interceptor {
  private volatile CountDownLatch gate = new CountDownLatch(0);

  void stop() {
    gate = new CountDownLatch(1);
  }

  void goOn() {
    gate.countDown();
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
