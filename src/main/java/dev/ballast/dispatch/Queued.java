package dev.ballast.dispatch;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import java.util.Optional;

/**
 * Tasks of one job that have not begun and ask for the same of a browser, those that were handed
 * out ahead among them; those that back off, or whose job is suspended, are not.
 *
 * @param backend the only one that they may run on; empty: the balancer's choice
 * @param browser the only kind that may run them; empty: any
 * @param tasks more than 0
 */
public record Queued(
    JobSpec job, Optional<Backend> backend, Optional<BrowserKind> browser, int tasks) {}
