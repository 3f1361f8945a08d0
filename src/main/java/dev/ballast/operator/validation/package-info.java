/**
 * Reads resource files and checks them by the rules of the CRDs, so that the command line and the
 * API server speak with one voice; then translates them to the model.
 *
 * <p>Limits: a file has at most 1 MiB, 50 aliases of lists or mappings, and 50 levels.
 */
@NullMarked
package dev.ballast.operator.validation;

import org.jspecify.annotations.NullMarked;
