package dev.ballast.server;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while a controller is behind the HTTP face: of several replicas only the one that leads, so
 * that a Service always leads to it.
 */
@Readiness
@ApplicationScoped
public class ControllerReadiness implements HealthCheck {
  private final Desk desk;

  @Inject
  ControllerReadiness(Desk desk) {
    this.desk = desk;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("controller").status(desk.isOpen()).build();
  }
}
