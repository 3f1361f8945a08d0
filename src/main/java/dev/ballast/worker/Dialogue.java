package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.Page;
import java.time.Duration;
import java.util.Optional;

/** One attempt's talk with its page: what we ask, what it answers, and what its silence means. */
final class Dialogue {
  /** A page that answers nothing at all for this long hangs. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);

  /** Functions of a page only start work, so they answer at once. */
  private static final Duration PROMPTLY = Duration.ofSeconds(10);

  private final Page page;
  private final String nonce;
  private final Conversation conversation;
  private final AttemptDraft draft;
  private final BrowserHost.Running browser;

  Dialogue(
      Page page,
      String nonce,
      Conversation conversation,
      AttemptDraft draft,
      BrowserHost.Running browser) {
    this.page = page;
    this.nonce = nonce;
    this.conversation = conversation;
    this.draft = draft;
    this.browser = browser;
  }

  AttemptDraft draft() {
    return draft;
  }

  BrowserHost.Running browser() {
    return browser;
  }

  RunOptions options() {
    return draft.assignment().run();
  }

  /** An argument for a function of the page, with the nonce in it. */
  ObjectNode message() {
    return JsonNodeFactory.instance.objectNode().put("nonce", nonce);
  }

  void start(ObjectNode job) throws AttemptFailure {
    try {
      page.start("start", job.toString(), conversation);
    } catch (BrowserException e) {
      throw refusal(e);
    }
  }

  void call(String function, ObjectNode argument) throws AttemptFailure {
    try {
      page.call(function, argument.toString(), PROMPTLY);
    } catch (BrowserException e) {
      throw refusal(e);
    }
  }

  /**
   * Waits for a message of that type, within the attempt's time-out; phases are taken down on the
   * way.
   */
  JsonNode await(String wanted) throws AttemptFailure, InterruptedException {
    while (true) {
      switch (conversation.next(remaining())) {
        case Conversation.Signal.Message(String type, JsonNode body) -> {
          if (type.equals("error")) {
            throw AttemptFailure.ofPage(body.path("code").asText(), body.path("message").asText());
          }
          if (type.equals(wanted)) {
            return body;
          }
          if (type.equals("phase")) {
            takeDown(body);
          } else {
            throw new AttemptFailure(
                Outcome.FAILED,
                "page-error",
                "the page reported \"%s\" where \"%s\" was due".formatted(type, wanted));
          }
        }
        case Conversation.Signal.Lost(String reason) -> throw lost(reason);
        case Conversation.Signal.Cancelled _ ->
            throw new AttemptFailure(
                Outcome.CANCELLED, "cancelled", "called off by the controller");
        case null -> throw silence();
      }
    }
  }

  private void takeDown(JsonNode phase) {
    double millis = phase.path("millis").asDouble();
    switch (phase.path("name").asText()) {
      case "download" -> draft.clock.add(Phase.DOWNLOAD, millis);
      case "sessionCreate" -> draft.clock.add(Phase.SESSION_CREATE, millis);
      case "firstRun" -> draft.clock.add(Phase.FIRST_RUN, millis);
      case "warmup" -> draft.clock.add(Phase.WARMUP, millis);
      default -> {} // a page may tell more than we count; it stays in the overhead
    }
  }

  /**
   * Waiting for the machine is nobody's fault: it does not count against the attempt's time-out.
   */
  private Duration remaining() {
    double used =
        draft.clock.elapsedMillis()
            - draft.clock.spent(Phase.TURN)
            - draft.clock.spent(Phase.BROWSER_START);
    return options().timeout().minusMillis((long) used);
  }

  /** What it means that the browser did not do as it was told. */
  private AttemptFailure refusal(BrowserException refused) {
    return gone()
        .orElseGet(() ->
            refused.timedOut()
                ? new AttemptFailure(Outcome.HUNG, "page-hung", refused.getMessage())
                : new AttemptFailure(Outcome.FAILED, "page-error", refused.getMessage()));
  }

  private Optional<AttemptFailure> gone() {
    return page.lost().isDone()
        ? Optional.of(lost(page.lost().getNow("the page is gone")))
        : Optional.empty();
  }

  private AttemptFailure lost(String reason) {
    boolean memory = reason.toLowerCase(java.util.Locale.ROOT).contains("out of memory");
    if (memory) {
      return new AttemptFailure(Outcome.OUT_OF_MEMORY, "out-of-memory", reason);
    }
    return new AttemptFailure(
        Outcome.CRASHED, browser.isLost() ? "browser-lost" : "page-crashed", reason);
  }

  private AttemptFailure silence() {
    String patience = "after " + options().timeout().toMillis() + " ms";
    try {
      page.call("ping", "{}", SIGN_OF_LIFE);
    } catch (BrowserException e) {
      // A page without ping() says so at once: it is alive, it only never finished.
      Optional<AttemptFailure> gone = gone();
      if (gone.isPresent()) {
        return gone.get();
      }
      if (e.timedOut()) {
        return new AttemptFailure(
            Outcome.HUNG, "page-hung", "the page answers nothing at all " + patience);
      }
    }
    return new AttemptFailure(
        Outcome.TIMED_OUT, "timeout", "not finished " + patience + " (run.timeout)");
  }
}
