/**
 * Drives balancer and dispatch under a virtual clock, so that policies and faults can be tried by
 * seed. Its results are simulated and say so; nothing of production may call it.
 */
@NullMarked
package dev.ballast.simulate;

import org.jspecify.annotations.NullMarked;
