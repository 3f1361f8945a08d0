package dev.ballast.operator.resource;

/** Labels and annotations of what Ballast makes in a cluster. */
public final class Labels {
  /** The pool a worker belongs to. */
  public static final String POOL = "ballast.dev/pool";

  /** Kind of browser of a worker. */
  public static final String BROWSER = "ballast.dev/browser";

  /** What a worker's pod was made from: pods of another hash are replaced. */
  public static final String TEMPLATE_HASH = "ballast.dev/template-hash";

  /** Namespace of a worker, as a label of its pool: jobs run in pools of their namespace. */
  public static final String NAMESPACE = "ballast.dev/namespace";

  /** Carried by workers that a controller made and may delete. */
  public static final String IN_CLUSTER = "ballast.dev/in-cluster";

  /** Annotation: since when a worker is asked to leave, RFC 3339. */
  public static final String DRAINING_SINCE = "ballast.dev/draining-since";

  public static final String NAME = "app.kubernetes.io/name";
  public static final String COMPONENT = "app.kubernetes.io/component";
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Selects the pods of all workers. */
  public static final String WORKERS = MANAGED_BY + "=ballast," + COMPONENT + "=worker";

  private Labels() {}
}
