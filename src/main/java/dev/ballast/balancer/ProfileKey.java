package dev.ballast.balancer;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;

/** What a profile is learned for: one model in one version of one browser, on one backend. */
public record ProfileKey(
    String model,
    ModelFamily family,
    BrowserKind kind,
    String version,
    Backend backend,
    Hardware hardware) {}
