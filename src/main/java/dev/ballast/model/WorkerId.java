package dev.ballast.model;

/** An agent that owns one browser; in Kubernetes the name of its pod. */
public record WorkerId(String name) implements Comparable<WorkerId> {
  @Override
  public int compareTo(WorkerId other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
