package dev.ballast.model;

import java.util.Optional;

/**
 * One cell of a job's matrix. An absent backend or browser is the balancer's to choose; repetitions
 * count from 0.
 */
public record Cell(
    TestModel model, Optional<Backend> backend, Optional<BrowserKind> browser, int repetition) {}
