package dev.ballast.worker.browser;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.model.BrowserKind;
import dev.ballast.worker.bidi.BidiConnection;
import dev.ballast.worker.bidi.BidiException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A browser at the other end of a BiDi connection; routes what happens in it to its pages. */
final class BidiBrowser implements Browser {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration COMMAND = Duration.ofSeconds(15);
  // session.status would be answered by a driver whose browser is deaf; this asks the browser.
  private static final String HEARTBEAT_COMMAND = "browser.getUserContexts";
  private static final Duration HEARTBEAT_PAUSE = Duration.ofSeconds(2);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  // From the complaint to the death, and from the death until its complaint has been read.
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);
  private static final Duration LATE_WORDS = Duration.ofMillis(200);

  // Looking for processes takes some milliseconds, as long as a short task.
  private static final Duration SEEN_AGE = Duration.ofSeconds(5);

  private static final List<String> EVENTS =
      List.of(
          "browsingContext.contextDestroyed",
          "log.entryAdded",
          "script.message",
          "script.realmDestroyed");

  private final Identity identity;
  private final BidiConnection connection;
  private final Optional<ProcessTree> processes;
  private final Optional<? extends Footprint> footprint;
  private final Runnable atEnd;
  private final Map<String, BidiPage> pages = new ConcurrentHashMap<>();
  private final CompletableFuture<String> lost = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable Seen seen;

  /** Its processes, and when they were looked for. */
  private record Seen(List<Long> processIds, long nanos) {}

  /** What a browser is and how it was started. */
  record Identity(BrowserKind kind, String version, List<String> arguments) {}

  private BidiBrowser(
      Identity identity,
      BidiConnection connection,
      Optional<ProcessTree> processes,
      Optional<? extends Footprint> footprint,
      Runnable atEnd) {
    this.identity = identity;
    this.connection = connection;
    this.processes = processes;
    this.footprint = footprint;
    this.atEnd = atEnd;
  }

  /** Takes over all that is given, also when it fails; {@code atEnd} ends the WebDriver session. */
  static Browser attach(
      Identity identity, BidiConnection connection, Optional<ProcessTree> processes, Runnable atEnd)
      throws BrowserException {
    return attached(new BidiBrowser(identity, connection, processes, processes, atEnd));
  }

  /** As {@link #attach}, to a browser that is another's; {@code footprint}: what is seen of it. */
  static Browser attachTo(
      Identity identity,
      BidiConnection connection,
      Optional<? extends Footprint> footprint,
      Runnable atEnd)
      throws BrowserException {
    return attached(new BidiBrowser(identity, connection, Optional.empty(), footprint, atEnd));
  }

  private static Browser attached(BidiBrowser browser) throws BrowserException {
    try {
      browser.listen();
      return browser;
    } catch (BrowserException e) {
      browser.close();
      throw e;
    }
  }

  static BidiConnection connect(URI socket) throws BrowserException {
    try {
      return BidiConnection.connect(socket, CONNECT);
    } catch (BidiException e) {
      throw new BrowserException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserException("interrupted while connecting to " + socket, e);
    }
  }

  static JsonNode command(
      BidiConnection connection,
      String method,
      Map<String, ?> parameters,
      Duration timeout,
      CompletableFuture<String> inVain)
      throws BrowserException {
    try {
      return connection.command(method, parameters, timeout, inVain);
    } catch (BidiException e) {
      throw new BrowserException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserException(method + " was interrupted", e);
    }
  }

  @Override
  public BrowserKind kind() {
    return identity.kind;
  }

  @Override
  public String version() {
    return identity.version;
  }

  @Override
  public List<String> arguments() {
    return identity.arguments;
  }

  @Override
  public Page window() throws BrowserException {
    String context =
        command("browsingContext.create", Map.of("type", "window"), COMMAND)
            .path("context")
            .asText();
    var page = new BidiPage(this, context);
    pages.put(context, page);
    return page;
  }

  @Override
  public CompletableFuture<String> lost() {
    return lost.copy();
  }

  @Override
  public OptionalLong memoryBytes() {
    return footprint.map(Footprint::memoryBytes).orElse(OptionalLong.empty());
  }

  @Override
  public List<Long> processIds() {
    Seen known = seen;
    if (known == null || System.nanoTime() - known.nanos > SEEN_AGE.toNanos()) {
      known =
          new Seen(
              footprint.stream()
                  .flatMap(all -> all.members().stream())
                  .map(ProcessHandle::pid)
                  .toList(),
              System.nanoTime());
      seen = known;
    }
    return known.processIds;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      connection.close();
      atEnd.run();
      processes.ifPresent(ProcessTree::close);
    }
  }

  private JsonNode command(String method, Map<String, ?> parameters, Duration timeout)
      throws BrowserException {
    return command(method, parameters, timeout, lost);
  }

  /** Waits no longer when {@code inVain} completes. */
  JsonNode command(
      String method, Map<String, ?> parameters, Duration timeout, CompletableFuture<String> inVain)
      throws BrowserException {
    try {
      return command(connection, method, parameters, timeout, inVain);
    } catch (BrowserException e) {
      throw new BrowserException(
          "%s %s: %s".formatted(identity.kind, identity.version, e.getMessage()),
          e.getCause() == null ? e : e.getCause());
    }
  }

  /** Those that were started here for it, and end with it; absent for another's. */
  Optional<ProcessTree> processes() {
    return processes;
  }

  /** Whether a process of it said, a moment ago, that it got no memory: its words. */
  Optional<String> outOfMemory() {
    return processes.flatMap(tree -> tree.output().outOfMemory(LAST_WORDS, LATE_WORDS));
  }

  void forget(String context) {
    pages.remove(context);
  }

  /** Gives the browser up: it is there, but no longer does what it must. */
  void lose(String reason) {
    if (!closed.get() && lost.complete(reason)) {
      pages.values().forEach(page -> page.lose("its browser was lost: " + reason));
    }
  }

  private void listen() throws BrowserException {
    var _ = connection.closed().thenAccept(this::lose);
    if (processes.isPresent()) {
      var _ = processes.get().ended().thenAccept(this::lose);
    }
    connection.on("script.message", event -> all(page -> page.receive(event)));
    connection.on("script.realmDestroyed", event -> all(page -> page.realmDestroyed(event)));
    connection.on("log.entryAdded", event -> of(event.path("source"), page -> page.log(event)));
    connection.on(
        "browsingContext.contextDestroyed",
        event -> of(event, page -> page.lose("its window was closed")));
    command("session.subscribe", Map.of("events", EVENTS), COMMAND);
    connection.watch(HEARTBEAT_COMMAND, HEARTBEAT_PAUSE, HEARTBEAT);
  }

  private void all(Consumer<BidiPage> action) {
    pages.values().forEach(action);
  }

  private void of(JsonNode event, Consumer<BidiPage> action) {
    var page = pages.get(event.path("context").asText());
    if (page != null) {
      action.accept(page);
    }
  }
}
