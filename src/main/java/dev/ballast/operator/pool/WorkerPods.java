package dev.ballast.operator.pool;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;

/**
 * What the pods of all pools have in common; it comes from the controller's configuration.
 *
 * @param image the image with the agent: this very program
 * @param server where workers find the controller
 * @param template merged over every pod, under the pool's own: proxies, certificates, caches, pull
 *     secrets
 */
public record WorkerPods(
    String image, URI server, BrowserImages browsers, Optional<JsonNode> template) {}
