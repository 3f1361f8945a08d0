/**
 * The HTTP face of a controller. It translates; every decision is dispatch's. {@code door}: who may
 * come in; {@code form}: how requests are read and answers written; {@code jobs}, {@code events},
 * {@code history}: what is told and asked; {@code desk}: the controller behind it; {@code rest}:
 * the paths; {@code openapi}: their description; {@code metrics}, {@code outlook}: what is counted
 * and expected.
 */
@NullMarked
package dev.ballast.server;

import org.jspecify.annotations.NullMarked;
