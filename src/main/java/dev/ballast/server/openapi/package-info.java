/**
 * Completes the description of the API: shapes as they are sent, and every error an operation may
 * answer. Both come from the code that answers, not from annotations.
 */
@NullMarked
package dev.ballast.server.openapi;

import org.jspecify.annotations.NullMarked;
