package dev.ballast.balancer;

/** What a cost is made of; each is in seconds. */
public enum Factor {
  WAIT("wait", "until a slot of the browser is free"),
  LOAD("load", "fetching and compiling the model, unless it is resident"),
  AFFINITY("affinity", "service time by the configured priors alone"),
  HISTORY("history", "what measured results say beyond the priors"),
  SPEED("speed", "what a slower inference than the fastest candidate's costs"),
  RELIABILITY("reliability", "attempts that fail and must be repeated"),
  UTILIZATION("utilization", "what a second of the busy pool costs those that wait for it"),
  FORECAST("forecast", "the same for those that are expected to come"),
  MEMORY("memory", "models that would have to be evicted and loaded again"),
  HARDWARE("hardware", "a software adapter where hardware is preferred"),
  EXPLORATION("exploration", "what finding out about an uncertain candidate is worth (negative)"),
  PLAN("plan", "what the plan for all tasks gains by this browser (negative)");

  private final String label;
  private final String explanation;

  Factor(String label, String explanation) {
    this.label = label;
    this.explanation = explanation;
  }

  public String label() {
    return label;
  }

  public String explanation() {
    return explanation;
  }
}
