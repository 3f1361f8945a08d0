package dev.ballast.server.openapi;

import java.util.Arrays;

/** An error that operations may answer, with an example of it. */
enum ErrorKind {
  BAD_REQUEST(
      400,
      "The request cannot be understood; errors point to its fields",
      "invalid-manifest",
      "spec.matrix.backends[0]: \"wsam\" is not one of them. Maybe \"wasm\"?"),
  UNAUTHORIZED(
      401,
      "No token that is known here (where one is asked for)",
      "no-token",
      "show a token of the cluster: Authorization: Bearer $(kubectl create token NAME)"),
  FORBIDDEN(
      403,
      "The token may not do that, or another page or host name asks",
      "forbidden",
      "ana may not create testjobs.ballast.dev in namespace team"),
  NOT_FOUND(
      404, "There is no such thing", "no-such-job", "no job \"vad\" in namespace \"default\""),
  METHOD_NOT_ALLOWED(
      405, "Not with this method", "method-not-allowed", "HTTP 405 Method Not Allowed"),
  NOT_ACCEPTABLE(
      406, "It cannot be had in that form", "not-acceptable", "known here: application/json"),
  TOO_SLOW(
      408, "The body does not arrive in time", "too-slow", "the body did not arrive within 30 s"),
  CONFLICT(
      409,
      "What is asked for does not go with what is",
      "job-unfinished",
      "job \"vad\" of namespace \"default\" is not finished"),
  TOO_LARGE(413, "The body is too large", "too-large", "the body has more than 1048576 bytes"),
  UNSUPPORTED(
      415,
      "Not with a body of this type",
      "unsupported-media-type",
      "HTTP 415 Unsupported Media Type"),
  TOO_MANY(
      429,
      "Too many requests; Retry-After says when to come again",
      "too-many-requests",
      "slower, please: again in 1 s"),
  INTERNAL(
      500,
      "A mistake of Ballast",
      "internal",
      "this should not happen; the log of the controller says more"),
  NOT_READY(
      503,
      "Not now: it is only starting, or its journal cannot be used",
      "not-ready",
      "no controller runs in this process yet");

  final int status;

  /** When it comes. */
  final String when;

  /** The word at the end of its type. */
  final String code;

  /** What it may say. */
  final String detail;

  ErrorKind(int status, String when, String code, String detail) {
    this.status = status;
    this.when = when;
    this.code = code;
    this.detail = detail;
  }

  static ErrorKind of(int status) {
    return Arrays.stream(values()).filter(kind -> kind.status == status).findFirst().orElseThrow();
  }
}
