package dev.ballast.operator.pool;

/** A pool's name in dispatch, where those of all namespaces meet. */
final class PoolId {
  private PoolId() {}

  static String of(String namespace, String name) {
    return namespace + "/" + name;
  }
}
