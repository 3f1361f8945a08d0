/**
 * Dispatch and balancer under faults that a seed draws: messages lost, repeated, overtaken; a
 * controller killed before, inside and after its commits, or deposed and still speaking; workers
 * that crash, freeze and come back; a store that fails; clocks that jump. A checker holds every run
 * against the promises.
 */
@NullMarked
package dev.ballast.simulate.torture;

import org.jspecify.annotations.NullMarked;
