package dev.ballast.server.jobs.cluster;

import dev.ballast.operator.resource.TestJob;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes TestJobs with the token of whoever asks for it. So the API server itself decides, counts
 * against their quota and names them in its audit log, and the controller needs no right to make or
 * change anybody's jobs. Its own credentials are not even known here.
 */
final class CallersHand implements AutoCloseable {
  private static final int SECONDS = 10;

  private final KubernetesClient client;
  private final URI root;

  /** {@code own}: the controller's client, which says where the API server is. */
  CallersHand(KubernetesClient own) {
    Config known = own.getConfiguration();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(known.getMasterUrl())
            .withCaCertFile(known.getCaCertFile())
            .withCaCertData(known.getCaCertData())
            .withTrustCerts(known.isTrustCerts())
            .withHttpsProxy(known.getHttpsProxy())
            .withNoProxy(known.getNoProxy())
            .withRequestRetryBackoffLimit(0) // a creation is not safe to repeat
            .build();
    this.client = new KubernetesClientBuilder().withConfig(config).build();
    this.root = URI.create(config.getMasterUrl()).resolve("/apis/ballast.dev/v1alpha1/namespaces/");
  }

  /** The job as the API server keeps it. */
  TestJob create(String token, TestJob job) {
    String path = job.getMetadata().getNamespace() + "/testjobs";
    return resource(
        send(
            token,
            path + "?fieldManager=ballast-api&fieldValidation=Strict",
            "POST",
            "application/json",
            client.getKubernetesSerialization().asJson(job)));
  }

  /** {@code patch}: a JSON merge patch (RFC 7396). */
  TestJob patch(String token, String namespace, String name, String patch) {
    return resource(
        send(
            token,
            path(namespace, name) + "?fieldManager=ballast-api&fieldValidation=Strict",
            "PATCH",
            "application/merge-patch+json",
            patch));
  }

  /** Deletes that very job: not a later one of its name. */
  void delete(String token, String namespace, String name, String uid) {
    String options =
        """
        {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background",
         "preconditions": {"uid": "%s"}}
        """
            .formatted(uid);
    send(token, path(namespace, name), "DELETE", "application/json", options);
  }

  private static String path(String namespace, String name) {
    return "%s/testjobs/%s".formatted(namespace, URLEncoder.encode(name, StandardCharsets.UTF_8));
  }

  private TestJob resource(String json) {
    return client.getKubernetesSerialization().unmarshal(json, TestJob.class);
  }

  private String send(String token, String path, String method, String type, String body) {
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(root.resolve(path))
            .header("Authorization", "Bearer " + token)
            .method(method, type, body)
            .build();
    try {
      HttpResponse<String> response =
          client.getHttpClient().sendAsync(request, String.class).get(SECONDS, TimeUnit.SECONDS);
      if (!response.isSuccessful()) {
        throw ClusterRefusalException.of(response.code(), status(response.bodyString()));
      }
      return response.bodyString();
    } catch (ExecutionException | TimeoutException | java.io.IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private Status status(String body) {
    try {
      return client.getKubernetesSerialization().unmarshal(body, Status.class);
    } catch (IllegalArgumentException | KubernetesClientException | ClassCastException e) {
      Status unread = new Status();
      unread.setMessage(body);
      return unread;
    }
  }

  private static ClusterRefusalException unreachable(Exception e) {
    return new ClusterRefusalException(
        Response.Status.SERVICE_UNAVAILABLE,
        "no-answer",
        "the API server does not answer: " + e,
        null);
  }

  @Override
  public void close() {
    client.close();
  }
}
