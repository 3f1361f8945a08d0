/**
 * When to sample, when enough is sampled, whose turn it is, and what the samples are worth. Pure but for the turn's lock file and the machine's load; knows
 * no browser and no controller.
 */
@NullMarked
package dev.ballast.worker.measure;

import org.jspecify.annotations.NullMarked;
