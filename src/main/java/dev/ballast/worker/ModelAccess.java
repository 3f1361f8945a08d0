package dev.ballast.worker;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How the owner of a worker lets it fetch models: from which networks beside public ones, through
 * which proxy, trusting which certificates, and with which credentials.
 */
@Singleton
class ModelAccess {
  private final ModelNetworks networks;
  private final Optional<Path> certificates;
  private final ModelCredentials credentials;
  private final ProxyRoutes proxies;

  /**
   * @param certificates PEM, trusted beside those of the platform
   * @param credentials folder as {@link ModelCredentials} has it
   */
  @Inject
  ModelAccess(
      @ConfigProperty(name = "ballast.models.allowed-networks") Optional<List<String>> allowed,
      @ConfigProperty(name = "ballast.models.ca-file") Optional<Path> certificates,
      @ConfigProperty(name = "ballast.models.credentials") Optional<Path> credentials) {
    this(
        new ModelNetworks(allowed.orElse(List.of())),
        certificates,
        new ModelCredentials(credentials),
        ProxyRoutes.of(System.getenv()));
  }

  ModelAccess(
      ModelNetworks networks,
      Optional<Path> certificates,
      ModelCredentials credentials,
      ProxyRoutes proxies) {
    this.networks = networks;
    this.certificates = certificates;
    this.credentials = credentials;
    this.proxies = proxies;
  }

  /** From these networks, too, and nothing else. */
  static ModelAccess to(String... networks) {
    return new ModelAccess(
        new ModelNetworks(List.of(networks)),
        Optional.empty(),
        new ModelCredentials(Optional.empty()),
        ProxyRoutes.of(Map.of()));
  }

  ModelNetworks networks() {
    return networks;
  }

  Optional<Path> certificates() {
    return certificates;
  }

  ModelCredentials credentials() {
    return credentials;
  }

  ProxyRoutes proxies() {
    return proxies;
  }
}
