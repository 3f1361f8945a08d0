/**
 * The models that Ballast ships: what they are, what they must give, and the one that is generated.
 * Their bytes are class-path resources that the build fetches.
 */
@NullMarked
package dev.ballast.worker.models;

import org.jspecify.annotations.NullMarked;
