/**
 * Which browser runs what faster, by what was measured: the one place where browsers are compared.
 * Pure functions of measurements; nothing here reads a database.
 */
@NullMarked
package dev.ballast.store.affinity;

import org.jspecify.annotations.NullMarked;
