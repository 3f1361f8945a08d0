package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import dev.ballast.model.Capability;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks a fresh browser what it can do, by doing it: a backend counts only when it computed a small
 * sum correctly.
 */
final class Probe {
  private final PageServer pages;
  private final OptionalLong memoryBytes;

  /** {@code memoryBytes}: what a browser may use on this machine. */
  Probe(PageServer pages, OptionalLong memoryBytes) {
    this.pages = pages;
    this.memoryBytes = memoryBytes;
  }

  Capability examine(Browser browser, Duration patience) throws BrowserException {
    try (Page page = browser.open(pages.address("/runner/probe.html"))) {
      String nonce = UUID.randomUUID().toString();
      Conversation conversation = new Conversation(nonce);
      conversation.watch(page);
      page.start("probe", "{\"nonce\":\"" + nonce + "\"}", conversation);
      return switch (conversation.next(patience)) {
        case Conversation.Signal.Message(String type, JsonNode body)
            when type.equals("capability") ->
            read(body.path("capability"));
        case Conversation.Signal.Message(String type, JsonNode body) ->
            throw new BrowserException("the probe page reported " + type + ": " + body);
        case Conversation.Signal.Lost(String reason) ->
            throw new BrowserException("the browser died while it was probed: " + reason);
        case Conversation.Signal.Cancelled _ ->
            throw new BrowserException("the probe was called off");
        case null ->
            throw new BrowserException(
                "the probe page did not answer within " + patience.toSeconds() + " s");
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserException("interrupted while the browser was probed", e);
    }
  }

  private Capability read(JsonNode probe) {
    List<Backend> backends = new ArrayList<>();
    JsonNode wasm = probe.path("wasm");
    JsonNode webgpu = probe.path("webgpu");
    if (wasm.path("available").asBoolean(true)) {
      backends.add(Backend.WASM);
    }
    if (webgpu.path("computesCorrectly").asBoolean()) {
      backends.add(Backend.WEBGPU);
    }
    List<String> devices = new ArrayList<>();
    probe.path("webnn").path("devices").forEach(device -> devices.add(device.asText()));
    if (!devices.isEmpty()) {
      backends.add(Backend.WEBNN);
    }
    JsonNode resolution = probe.path("timerResolutionMillis");
    return new Capability(
        backends,
        webgpu.path("available").asBoolean() ? Optional.of(adapter(webgpu)) : Optional.empty(),
        devices,
        wasm.path("simd").asBoolean(),
        wasm.path("threads").asBoolean(),
        probe.path("crossOriginIsolated").asBoolean(),
        resolution.isNumber() ? OptionalDouble.of(resolution.asDouble()) : OptionalDouble.empty(),
        memoryBytes);
  }

  private static Adapter adapter(JsonNode webgpu) {
    return new Adapter(
        webgpu.path("vendor").asText(),
        webgpu.path("architecture").asText(),
        webgpu.path("description").asText(),
        webgpu.path("software").asBoolean());
  }
}
