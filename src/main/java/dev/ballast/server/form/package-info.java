/**
 * How bodies and parameters are read, and answers written: strictly, with errors as problem
 * documents (RFC 9457). No path is known here.
 */
@NullMarked
package dev.ballast.server.form;

import org.jspecify.annotations.NullMarked;
