/** Test jobs: accepted into dispatch once, and their state written back. */
@NullMarked
package dev.ballast.operator.job;

import org.jspecify.annotations.NullMarked;
