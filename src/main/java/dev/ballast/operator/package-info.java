/**
 * The custom resources with their rules, and their reconcilers. Translates between what users write
 * and the model; decides nothing about placement.
 */
@NullMarked
package dev.ballast.operator;

import org.jspecify.annotations.NullMarked;
