package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.Page;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One attempt's talk with its page: what we ask, what it answers, and what its silence means. */
final class Dialogue {
  /** A page that answers nothing at all for this long hangs. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);

  /** Functions of the runner page only start work, so they answer at once. */
  private static final Duration PROMPTLY = Duration.ofSeconds(3);

  private final Page page;
  private final String nonce = UUID.randomUUID().toString();
  private final Conversation conversation = new Conversation(nonce);
  private final CallOff callOff;
  private final AttemptDraft draft;
  private final BrowserHost.Running browser;
  private final long printedBefore;
  private Optional<List<String>> residents = Optional.empty();
  private boolean mute;

  Dialogue(Page page, CallOff callOff, AttemptDraft draft, BrowserHost.Running browser) {
    this.page = page;
    this.callOff = callOff;
    this.draft = draft;
    this.browser = browser;
    this.printedBefore = page.printed();
    conversation.watch(page);
    callOff.whenAsked(conversation::cancel);
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

  CallOff callOff() {
    return callOff;
  }

  /** What the page printed since the attempt began. */
  List<String> console() {
    return page.console(printedBefore);
  }

  /** Whether the page, asked for a sign of life, gave none. */
  boolean isMute() {
    return mute;
  }

  /** The keys of the models that the page said are loaded in it; absent when it said nothing. */
  Optional<List<String>> residents() {
    return residents;
  }

  /** An argument for a function of the page, with the nonce in it. */
  ObjectNode message() {
    return JsonNodeFactory.instance.objectNode().put("nonce", nonce);
  }

  /** Loads the page, which may take what is left of the attempt's time. */
  void load(URI url) throws AttemptFailure, InterruptedException {
    callOff.leavable(() -> {
      try {
        page.load(url, atLeastPositive(draft.remaining()));
        return true;
      } catch (BrowserException e) {
        throw notLoaded(url, e);
      }
    });
  }

  /**
   * A server that never answers and a script that never ends look alike here: Chromium's driver
   * answers nothing for a page that loads.
   */
  private AttemptFailure notLoaded(URI url, BrowserException e) {
    if (e.timedOut()) {
      mute = !answers();
    }
    return gone()
        .orElseGet(() ->
            e.timedOut()
                ? draft.timedOut("page-not-loaded", url + " did not load")
                : new AttemptFailure(Outcome.FAILED, "page-not-loaded", e.getMessage()));
  }

  /** Begins the job; a page that is too busy to be called has what is left of the time. */
  void start(ObjectNode job) throws AttemptFailure, InterruptedException {
    callOff.leavable(() -> {
      try {
        page.start("start", job.toString(), conversation, atLeastPositive(draft.remaining()));
        return true;
      } catch (BrowserException e) {
        throw refusal(e);
      }
    });
  }

  private static Duration atLeastPositive(Duration duration) {
    return duration.isPositive() ? duration : Duration.ofMillis(1);
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
      switch (conversation.next(draft.remaining())) {
        case Conversation.Signal.Message(String type, JsonNode body) -> {
          readResidents(body.path("residents"));
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
        case Conversation.Signal.Cancelled _ -> callOff.check();
        case null -> throw silence();
      }
    }
  }

  private void readResidents(JsonNode keys) {
    if (keys.isArray()) {
      List<String> told = new ArrayList<>();
      keys.forEach(key -> told.add(key.asText()));
      residents = Optional.of(told);
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

  /** What it means that the browser did not do as it was told. */
  private AttemptFailure refusal(BrowserException refused) {
    return gone()
        .orElseGet(() ->
            refused.timedOut()
                ? hung(refused.getMessage())
                : new AttemptFailure(Outcome.FAILED, "page-error", refused.getMessage()));
  }

  private AttemptFailure hung(String message) {
    mute = true;
    return new AttemptFailure(Outcome.HUNG, "page-hung", message);
  }

  private Optional<AttemptFailure> gone() {
    return page.lost().isDone()
        ? Optional.of(lost(page.lost().getNow("the page is gone")))
        : Optional.empty();
  }

  private AttemptFailure lost(String reason) {
    Optional<String> memory = page.outOfMemory();
    if (memory.isPresent()) {
      return new AttemptFailure(
          Outcome.OUT_OF_MEMORY, "out-of-memory", "%s (%s)".formatted(reason, memory.get()));
    }
    return new AttemptFailure(
        Outcome.CRASHED, browser.isLost() ? "browser-lost" : "page-crashed", reason);
  }

  /** What it means that the time is up: a page that answers nothing at all hangs. */
  private AttemptFailure silence() {
    mute = !answers();
    return gone()
        .orElseGet(() ->
            mute
                ? hung(
                    "the page answers nothing at all after %d ms (run.timeout)"
                        .formatted(options().timeout().toMillis()))
                : draft.timedOut("timeout", "not finished" + hints()));
  }

  /** A page without ping() says so at once: it is alive, it only never finished. */
  private boolean answers() {
    try {
      page.call("ping", "{}", SIGN_OF_LIFE);
      return true;
    } catch (BrowserException e) {
      return !e.timedOut();
    }
  }

  /** What else is known of a page that did not finish. */
  private String hints() {
    String refused =
        conversation.refused() == 0
            ? ""
            : "; %d message(s) without the attempt's nonce were refused. Maybe report({nonce: job.nonce, …})?"
                .formatted(conversation.refused());
    String uncaught =
        console().stream()
            .filter(line -> line.startsWith("error: uncaught"))
            .findFirst()
            .map(line -> "; its console has \"%s\"".formatted(line))
            .orElse("");
    return refused + uncaught;
  }
}
