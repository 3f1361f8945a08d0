/**
 * The custom resources of {@code ballast.dev/v1alpha1} as users write them. The CRDs in {@code
 * crds/} are generated from these classes, and every rule of theirs stands here: the API server and
 * the command line both read it from the CRD.
 */
@NullMarked
package dev.ballast.operator.resource;

import org.jspecify.annotations.NullMarked;
