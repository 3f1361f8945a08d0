package dev.ballast.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/** Keeps resources without what only the API server needs: a third of their memory. */
final class LeanStore<T extends HasMetadata> extends BasicItemStore<T> {
  LeanStore() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public T put(String key, T resource) {
    resource.getMetadata().setManagedFields(null);
    if (resource.getMetadata().getAnnotations() != null) {
      resource
          .getMetadata()
          .getAnnotations()
          .remove("kubectl.kubernetes.io/last-applied-configuration");
    }
    return super.put(key, resource);
  }
}
