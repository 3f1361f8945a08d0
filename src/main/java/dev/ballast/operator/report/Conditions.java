package dev.ballast.operator.report;

import dev.ballast.operator.resource.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a status in the making. A condition whose status does not change keeps the time
 * of its last transition, so that a status that says the same is the same.
 */
public final class Conditions {
  private final List<Condition> previous;
  private final @Nullable Long generation;
  private final Instant now;
  private final List<Condition> next = new ArrayList<>();

  public Conditions(@Nullable List<Condition> previous, @Nullable Long generation, Instant now) {
    this.previous = previous == null ? List.of() : previous;
    this.generation = generation;
    this.now = now;
  }

  public Conditions set(String type, boolean holds, String reason, String message) {
    Condition.Status status = holds ? Condition.Status.TRUE : Condition.Status.FALSE;
    Condition before = find(previous, type);
    String since =
        before != null && before.status() == status ? before.lastTransitionTime() : time(now);
    next.add(new Condition(type, status, generation, since, reason, message));
    return this;
  }

  public List<Condition> build() {
    return List.copyOf(next);
  }

  /** Whether a condition of that type is there and true. */
  public static boolean holds(@Nullable List<Condition> conditions, String type) {
    Condition found = conditions == null ? null : find(conditions, type);
    return found != null && found.status() == Condition.Status.TRUE;
  }

  /** A time as Kubernetes writes it, to the second. */
  public static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static @Nullable Condition find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.type().equals(type)).findFirst().orElse(null);
  }
}
