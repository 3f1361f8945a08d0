package dev.ballast.server.desk;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while a controller is behind the HTTP face: of several replicas only the one that leads, so
 * that a Service always leads to it. Not while its journal cannot be written; then it says why.
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
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("controller");
    Optional<String> reason =
        desk.openNow()
            .map(open -> open.dispatch().notReady())
            .orElse(Optional.of("no controller leads here"));
    reason.ifPresent(why -> answer.withData("reason", why));
    return answer.status(reason.isEmpty()).build();
  }
}
