package dev.ballast.operator.validation;

/**
 * One mistake in a resource.
 *
 * @param file name as the user gave it; empty where there is none
 * @param line counts from 1; 0 where it is not known
 * @param fieldPath for example {@code spec.matrix.backends[1]}; empty for a mistake of the whole
 *     file
 * @param message what is wrong, a sentence
 * @param advice what would be right; may be empty
 */
public record Problem(String file, int line, String fieldPath, String message, String advice) {

  /** {@code jobs.yaml:14 spec.matrix.backends[1]: "wsam" is not a backend. Maybe "wasm"?} */
  @Override
  public String toString() {
    String place = file.isEmpty() ? "" : line > 0 ? file + ":" + line : file;
    String where = place + (place.isEmpty() || fieldPath.isEmpty() ? "" : " ") + fieldPath;
    return (where.isEmpty() ? "" : where + ": ") + message + (advice.isEmpty() ? "" : " " + advice);
  }
}
