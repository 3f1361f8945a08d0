package dev.ballast.store;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.store.affinity.Estimate;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A row of the view {@code profiles}: what was learned of one model on one browser.
 *
 * @param backend the one really used, else the one asked for
 * @param software computed by a software GPU adapter
 * @param n attempts that teach speed: succeeded and not rejected
 * @param meanMillis mean inference time over these attempts, each weighing the same; absent for n =
 *     0
 * @param loadMillis mean of download + session creation of those that paid it
 * @param attempts all that ended on their own, failures included
 */
public record Profile(
    String model,
    ModelFamily family,
    BrowserKind kind,
    String version,
    Optional<Backend> backend,
    boolean software,
    long n,
    Optional<Estimate> meanMillis,
    OptionalDouble loadMillis,
    OptionalLong peakMemoryBytes,
    long attempts,
    double successRatio,
    Instant lastAt) {}
