/**
 * What Ballast itself costs and stands: benchmark, load, kills and full disks, on real processes.
 * Used by no other command.
 */
@NullMarked
package dev.ballast.cli.load;

import org.jspecify.annotations.NullMarked;
