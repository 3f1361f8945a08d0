/** Browser pools: their pods, made, drained and replaced, and what is told of them. */
@NullMarked
package dev.ballast.operator.pool;

import org.jspecify.annotations.NullMarked;
