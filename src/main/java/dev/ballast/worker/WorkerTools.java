package dev.ballast.worker;

/** What all workers of a process share. */
public record WorkerTools(PageServer pages, ModelShelf shelf, MeasuringRoom room) {}
