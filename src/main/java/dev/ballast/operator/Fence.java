package dev.ballast.operator;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Stops the writes of a controller whose lease is over, before it has noticed: one that was stopped
 * in the middle of a reconciliation would otherwise finish it from what it saw long ago. What slips
 * through in the instant between this look and the wire meets the API server's own rules: a status
 * of an older epoch is refused, a pod is deleted only as it was seen, and made only by its name.
 */
public final class Fence implements Interceptor {
  /** Questions, and the lease itself. */
  private static final Pattern HARMLESS =
      Pattern.compile("/apis/(authentication|authorization|coordination)\\.k8s\\.io/.*");

  private volatile BooleanSupplier leads = () -> true;

  /** Puts the fence around every client that {@code builder} makes. */
  public KubernetesClientBuilder around(KubernetesClientBuilder builder) {
    return builder.withHttpClientBuilderConsumer(
        http -> http.addOrReplaceInterceptor("fence", this));
  }

  /** From now on only what is asked for while {@code question} says yes is written. */
  public void ask(BooleanSupplier question) {
    leads = question;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (!request.method().equals("GET")
        && !HARMLESS.matcher(request.uri().getPath()).matches()
        && !leads.getAsBoolean()) {
      throw new KubernetesClientException(
          "%s %s: the lease of this controller is over, so it writes nothing"
              .formatted(request.method(), request.uri().getPath()));
    }
  }
}
