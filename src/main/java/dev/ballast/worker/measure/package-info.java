/**
 * How long to sample, when it is one's turn to measure, what else the machine did meanwhile, and
 * whether the numbers may be believed. Drives no browser and knows no controller.
 */
@NullMarked
package dev.ballast.worker.measure;

import org.jspecify.annotations.NullMarked;
