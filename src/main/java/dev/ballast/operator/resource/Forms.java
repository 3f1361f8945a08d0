package dev.ballast.operator.resource;

/** The forms of strings in the resources, as patterns that Go and Java read alike. */
final class Forms {
  /** {@code 500ms}, {@code 30s}, {@code 10m}, {@code 1h}; not 0. */
  static final String DURATION = "^[1-9][0-9]{0,5}(ms|s|m|h)$";

  /** As {@link #DURATION}, or {@code 0s}. */
  static final String DURATION_OR_ZERO = "^(0|[1-9][0-9]{0,5})(ms|s|m|h)$";

  /** {@code 512Mi}, {@code 2Gi}. */
  static final String MEMORY = "^[1-9][0-9]{0,5}(Ki|Mi|Gi|Ti)$";

  /** {@code 5%}, {@code 2.5%}, {@code 100%}; not 0. */
  static final String PERCENT = "^(100|[1-9][0-9]?(\\.[0-9]{1,3})?|0\\.[0-9]{0,2}[1-9])%$";

  /** A DNS label: {@code chrome}, {@code silero-vad}. */
  static final String LABEL = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

  /** As {@code BrowserKind} of the model has it. */
  static final String KIND = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$";

  private Forms() {}
}
