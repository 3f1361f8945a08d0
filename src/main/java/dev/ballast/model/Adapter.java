package dev.ballast.model;

/**
 * A GPU adapter as the browser names it. {@code software}: a rasteriser on the CPU, whose timings
 * say nothing about a GPU.
 */
public record Adapter(String vendor, String architecture, String description, boolean software) {}
