package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import dev.ballast.operator.Candidate;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/**
 * The pod that this controller runs in, or none.
 *
 * @param name as its manifest tells it through {@code POD_NAME}
 * @param uid as its manifest tells it through {@code POD_UID}
 */
record ControllerPod(Optional<String> name, Optional<String> uid) {
  private static final String CONTAINER = "controller";

  static ControllerPod here() {
    return new ControllerPod(
        Optional.ofNullable(System.getenv("POD_NAME")),
        Optional.ofNullable(System.getenv("POD_UID")));
  }

  /** As whom this process stands for election. */
  Candidate candidate() {
    return name.isPresent() && uid.isPresent()
        ? Candidate.in(name.get(), uid.get())
        : Candidate.of(Optional.ofNullable(System.getenv("HOSTNAME")).orElse("controller"));
  }

  /**
   * The image that the controller itself runs, so that its workers are of the same version whatever
   * tool has set it. Throws {@link CommandException} where its own pod cannot be read.
   *
   * @param namespace where the pod is
   */
  Optional<String> image(KubernetesClient client, String namespace) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      Pod pod = client.pods().inNamespace(namespace).withName(name.get()).get();
      return Optional.ofNullable(pod).stream()
          .flatMap(found -> found.getSpec().getContainers().stream())
          .filter(container -> CONTAINER.equals(container.getName()))
          .map(container -> container.getImage())
          .findFirst();
    } catch (KubernetesClientException e) {
      throw CommandException.environment(
          "the image of pod %s/%s cannot be read (%s); name one with --worker-image"
              .formatted(namespace, name.get(), e.getMessage()));
    }
  }
}
