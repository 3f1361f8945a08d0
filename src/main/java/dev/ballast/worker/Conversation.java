package dev.ballast.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.worker.browser.Page;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a page says about one attempt. A message without the attempt's nonce is refused: after a
 * crash a page can come back and repeat itself, and an older attempt may still speak.
 */
final class Conversation implements Consumer<String> {
  /** Something that happened while we listened. */
  sealed interface Signal {
    /** The page said something. */
    record Message(String type, JsonNode body) implements Signal {}

    /** The page or its browser is gone. */
    record Lost(String reason) implements Signal {}

    /** The controller called the attempt off. */
    record Cancelled() implements Signal {}
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String nonce;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final AtomicInteger refused = new AtomicInteger();

  Conversation(String nonce) {
    this.nonce = nonce;
  }

  /** From now on the loss of {@code page} is a signal too. */
  void watch(Page page) {
    var _ = page.lost().thenAccept(reason -> signals.add(new Signal.Lost(reason)));
  }

  @Override
  public void accept(String text) {
    try {
      JsonNode body = JSON.readTree(text);
      if (nonce.equals(body.path("nonce").asText())) {
        signals.add(new Signal.Message(body.path("type").asText(), body));
        return;
      }
    } catch (JsonProcessingException e) {
      System.getLogger(Conversation.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "a page sent what is not JSON: {0}",
              e.getOriginalMessage());
    }
    refused.incrementAndGet();
  }

  void cancel() {
    signals.add(new Signal.Cancelled());
  }

  /** The next signal, or null when none came in time. */
  @Nullable Signal next(Duration patience) throws InterruptedException {
    return signals.poll(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
  }

  /** Messages that were turned away because they carried another nonce or none. */
  int refused() {
    return refused.get();
  }
}
