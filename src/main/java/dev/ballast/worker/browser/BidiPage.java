package dev.ballast.worker.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A window with one document in it. When the realm of that document goes away, the page is lost for
 * good: a crash page, or whatever follows in the window, is never taken for it.
 */
final class BidiPage implements Page {
  private static final Duration SETTLE = Duration.ofSeconds(15);
  private static final Duration SCREENSHOT = Duration.ofSeconds(3);
  private static final Duration CLOSE = Duration.ofSeconds(3);

  private final BidiBrowser browser;
  private final String context;
  private final Console console = new Console();
  private final Map<String, Consumer<String>> channels = new ConcurrentHashMap<>();
  private final Set<String> destroyedRealms = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<String> lost = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile String realm = "";
  private volatile OptionalLong killsBefore = OptionalLong.empty();

  BidiPage(BidiBrowser browser, String context) {
    this.browser = browser;
    this.context = context;
  }

  @Override
  public void load(URI url, Duration timeout) throws BrowserException {
    command(
        "browsingContext.navigate",
        Map.of("context", context, "url", url.toString(), "wait", "complete"),
        timeout);
    settle(timeout.compareTo(SETTLE) < 0 ? timeout : SETTLE);
  }

  /** Takes the document that is loaded now for the page's, for good. */
  private void settle(Duration timeout) throws BrowserException {
    var parameters = Map.of("context", context, "type", "window");
    for (JsonNode found : command("script.getRealms", parameters, timeout).path("realms")) {
      if (context.equals(found.path("context").asText()) && !found.has("sandbox")) {
        realm = found.path("realm").asText();
      }
    }
    if (realm.isEmpty() || destroyedRealms.contains(realm)) {
      lose("its document went away while it was loaded");
      throw new BrowserException(lost.join());
    }
  }

  @Override
  public void start(String function, String jobJson, Consumer<String> onMessage, Duration timeout)
      throws BrowserException {
    // A channel of its own for each start: what an earlier job still sends ends up nowhere.
    String channel = UUID.randomUUID().toString();
    channels.clear();
    channels.put(channel, onMessage);
    killsBefore = KernelKills.HERE.count();
    try {
      callFunction(
          PageScript.START,
          List.of(
              PageScript.string(function), PageScript.string(jobJson), PageScript.channel(channel)),
          timeout);
    } catch (BrowserException e) {
      channels.remove(channel);
      throw e;
    }
  }

  @Override
  public String call(String function, String argumentJson, Duration timeout)
      throws BrowserException {
    var arguments = List.of(PageScript.string(function), PageScript.string(argumentJson));
    return callFunction(PageScript.CALL, arguments, timeout).path("value").asText();
  }

  @Override
  public long printed() {
    return console.printed();
  }

  @Override
  public List<String> console(long from) {
    return console.lines(from);
  }

  @Override
  public byte[] screenshot() throws BrowserException {
    var image =
        command("browsingContext.captureScreenshot", Map.of("context", context), SCREENSHOT);
    return Base64.getDecoder().decode(image.path("data").asText());
  }

  @Override
  public Optional<String> outOfMemory() {
    if (!lost.isDone()) {
      return Optional.empty();
    }
    OptionalLong before = killsBefore;
    OptionalLong now = KernelKills.HERE.count();
    if (before.isPresent() && now.isPresent() && now.getAsLong() > before.getAsLong()) {
      return Optional.of("the kernel killed a process here, because memory ran out");
    }
    return browser.outOfMemory();
  }

  @Override
  public CompletableFuture<String> lost() {
    return lost.copy();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    channels.clear();
    try {
      browser.command("browsingContext.close", Map.of("context", context), CLOSE, browser.lost());
    } catch (BrowserException e) {
      if (!lost.isDone()) {
        browser.lose("a page could not be closed: " + e.getMessage());
      }
    } finally {
      browser.forget(context);
    }
  }

  void lose(String reason) {
    if (!closed.get()) {
      lost.complete(reason);
    }
  }

  void realmDestroyed(JsonNode event) {
    String destroyed = event.path("realm").asText();
    destroyedRealms.add(destroyed);
    if (destroyed.equals(realm)) {
      lose("its document went away: the process died, or the page was left");
    }
  }

  void receive(JsonNode event) {
    var onMessage = channels.get(event.path("channel").asText());
    if (onMessage != null) {
      onMessage.accept(event.path("data").path("value").asText());
    }
  }

  void log(JsonNode entry) {
    console.add(entry);
  }

  JsonNode callFunction(String declaration, List<?> arguments, Duration timeout)
      throws BrowserException {
    // Targets the context, not its realm: to find a realm, Firefox asks every content process, and
    // waits for those that hang.
    var parameters =
        Map.of(
            "functionDeclaration",
            declaration,
            "arguments",
            arguments,
            "awaitPromise",
            true,
            "target",
            Map.of("context", context));
    JsonNode answer = command("script.callFunction", parameters, timeout);
    if ("exception".equals(answer.path("type").asText())) {
      throw new BrowserException(
          "%s: the page threw %s"
              .formatted(browser.kind(), answer.path("exceptionDetails").path("text").asText()));
    }
    return answer.path("result");
  }

  /** The window, in the words of the protocol. */
  String context() {
    return context;
  }

  /** A page that is lost answers no more, and nobody should wait for it. */
  JsonNode command(String method, Map<String, ?> parameters, Duration timeout)
      throws BrowserException {
    if (closed.get() || lost.isDone()) {
      throw new BrowserException(
          "%s on a page that is gone: %s".formatted(method, lost.getNow("it was closed")));
    }
    return browser.command(method, parameters, timeout, lost);
  }
}
