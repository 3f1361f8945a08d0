package dev.ballast.operator.validation;

import java.util.Map;

/**
 * Where a resource was read, so that a later problem still names the line.
 *
 * @param lines line of each field path
 */
public record Origin(String file, int line, Map<String, Integer> lines) {
  /** Of a resource that was not read from a file. */
  public static final Origin NONE = new Origin("", 0, Map.of());

  public Origin {
    lines = Map.copyOf(lines);
  }

  /** A problem of that field, or of the nearest field above it that was written down. */
  public Problem problem(String fieldPath, String message, String advice) {
    return new Problem(file, lineOf(fieldPath), fieldPath, message, advice);
  }

  private int lineOf(String fieldPath) {
    String path = fieldPath;
    while (!path.isEmpty()) {
      Integer found = lines.get(path);
      if (found != null) {
        return found;
      }
      path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
    return line;
  }
}
