package dev.ballast.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.model.BrowserKind;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.BrowserLauncher;
import dev.ballast.worker.browser.Page;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A browser whose pages are a few lines of Java: what does not need a real one is tested fast. */
final class TestingBrowser implements BrowserLauncher {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CAPABILITY =
      "{\"nonce\": NONCE, \"type\": \"capability\", \"capability\": {\"wasm\": {\"available\": true}}}";

  private final PageScript script;
  private final AtomicInteger launches = new AtomicInteger();
  private volatile CountDownLatch mayLaunch = new CountDownLatch(0);
  private volatile Running running;

  /** What a page does when its {@code start} is called. */
  interface PageScript {
    void start(JsonNode job, Consumer<String> say);
  }

  TestingBrowser(PageScript script) {
    this.script = script;
  }

  /** Reports samples at once, as a healthy page does. */
  static void healthy(JsonNode job, Consumer<String> say) {
    String nonce = job.path("nonce").toString();
    say.accept("{\"nonce\": %s, \"type\": \"samples\", \"samples\": [1, 1.1]}".formatted(nonce));
    say.accept("{\"nonce\": %s, \"type\": \"done\"}".formatted(nonce));
  }

  int launches() {
    return launches.get();
  }

  /** The process of the browser dies. */
  void die() {
    running.lost.complete("killed by the test");
  }

  /**
   * The next launch waits until the latch is open: a start takes its time, as with a real browser.
   */
  void launchesWaitFor(CountDownLatch latch) {
    mayLaunch = latch;
  }

  @Override
  public BrowserKind kind() {
    return BrowserKind.CHROMIUM;
  }

  @Override
  public Browser launch() throws BrowserException {
    try {
      mayLaunch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserException("interrupted while it started", e);
    }
    launches.incrementAndGet();
    running = new Running();
    return running;
  }

  private final class Running implements Browser {
    private final CompletableFuture<String> lost = new CompletableFuture<>();

    @Override
    public BrowserKind kind() {
      return BrowserKind.CHROMIUM;
    }

    @Override
    public List<Long> processIds() {
      return List.of();
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public List<String> arguments() {
      return List.of();
    }

    @Override
    public Page window() {
      return new Window(lost);
    }

    @Override
    public CompletableFuture<String> lost() {
      return lost.copy();
    }

    @Override
    public OptionalLong memoryBytes() {
      return OptionalLong.empty();
    }

    @Override
    public void close() {}
  }

  private final class Window implements Page {
    private final CompletableFuture<String> lost;

    Window(CompletableFuture<String> browserLost) {
      this.lost = browserLost.copy();
    }

    /** An address with {@code never} in it does not load before its time is up. */
    @Override
    public void load(URI url, Duration timeout) throws BrowserException {
      if (url.getPath().contains("never")) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new BrowserException("interrupted while it loaded", e);
        }
      }
    }

    @Override
    public void start(String function, String jobJson, Consumer<String> onMessage, Duration timeout)
        throws BrowserException {
      try {
        JsonNode job = JSON.readTree(jobJson);
        if (function.equals("probe")) {
          onMessage.accept(CAPABILITY.replace("NONCE", job.path("nonce").toString()));
        } else {
          script.start(job, onMessage);
        }
      } catch (JsonProcessingException e) {
        throw new BrowserException("no JSON: " + jobJson, e);
      }
    }

    @Override
    public String call(String function, String argumentJson, Duration timeout)
        throws BrowserException {
      throw new BrowserException("the page defines no function " + function);
    }

    @Override
    public long printed() {
      return 0;
    }

    @Override
    public List<String> console(long from) {
      return List.of();
    }

    @Override
    public byte[] screenshot() {
      return new byte[0];
    }

    @Override
    public CompletableFuture<String> lost() {
      return lost.copy();
    }

    @Override
    public Optional<String> outOfMemory() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
