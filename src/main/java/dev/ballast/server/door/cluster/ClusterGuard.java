package dev.ballast.server.door.cluster;

import com.google.common.base.Splitter;
import dev.ballast.server.door.Guard;
import dev.ballast.server.door.SharedToken;
import dev.ballast.server.door.WorkerPath;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.faulttolerance.exceptions.FaultToleranceException;

/**
 * Lets the API server say who asks (TokenReview) and what they may (SubjectAccessReview): whoever
 * may read test jobs with kubectl may read them here. A worker shows the token of its pod, made for
 * us alone, and may speak for that pod only. Its answers hold for a while; tokens are remembered by
 * their hash.
 */
public final class ClusterGuard implements Guard {
  /** Workers' tokens are made for this audience, so that they are worth nothing elsewhere. */
  public static final String AUDIENCE = "ballast";

  /** What is taken away from somebody in the cluster is taken away here within this. */
  static final Duration REMEMBERED = Duration.ofSeconds(10);

  /** A pod is who it is until it is gone, and thousands of them speak all the time. */
  public static final Duration WORKERS_REMEMBERED = Duration.ofSeconds(60);

  /** Workers are not lost, and what they run with them, because the API server is away. */
  static final Duration WORKERS_WHILE_AWAY = Duration.ofMinutes(5);

  private static final String POD = "authentication.kubernetes.io/pod-name";

  private final KubernetesClient client;
  private final Reviews reviewer;
  private final Remembered<TokenReviewStatus> workers;
  private final Remembered<TokenReviewStatus> people;
  private final Remembered<Boolean> permissions;

  public ClusterGuard(KubernetesClient client, Reviews reviewer, InstantSource clock) {
    this.client = client;
    this.reviewer = reviewer;
    this.workers =
        new Remembered<>(
            review -> isKnown(review) ? WORKERS_REMEMBERED : REMEMBERED, WORKERS_WHILE_AWAY, clock);
    this.people = new Remembered<>(_ -> REMEMBERED, REMEMBERED, clock);
    this.permissions = new Remembered<>(_ -> REMEMBERED, REMEMBERED, clock);
  }

  @Override
  public Optional<Refusal> check(String method, String path, Optional<String> token) {
    if (token.isEmpty()) {
      return refuse(
          Refusal.UNAUTHORIZED,
          "no-token",
          "show a token of the cluster: Authorization: Bearer $(kubectl create token NAME)");
    }
    try {
      return ask(method, path, token.get());
    } catch (KubernetesClientException | Reviews.AwayException | FaultToleranceException e) {
      return refuse(
          Refusal.UNAVAILABLE,
          "no-answer",
          "the API server does not say who you are: " + e.getMessage());
    }
  }

  private Optional<Refusal> ask(String method, String path, String token) {
    Optional<WorkerPath> worker = WorkerPath.of(path);
    String key = HexFormat.of().formatHex(SharedToken.digest(token));
    TokenReviewStatus review =
        (worker.isPresent() ? workers : people).of(key, () -> review(token, worker.isPresent()));
    if (!isKnown(review)) {
      return refuse(
          Refusal.UNAUTHORIZED,
          "bad-token",
          worker.isPresent()
              ? "the token is not one that this cluster made for the audience " + AUDIENCE
              : "the cluster does not know that token");
    }
    if (worker.isPresent()) {
      return speaksForItself(worker.get().id(), review.getUser());
    }
    Optional<AccessRule> rule = AccessRule.of(method, path);
    if (rule.isEmpty()
        || permissions.of(rule.get() + key, () -> may(rule.get(), review.getUser()))) {
      return Optional.empty();
    }
    return refuse(
        Refusal.FORBIDDEN,
        "forbidden",
        "%s may not %s".formatted(review.getUser().getUsername(), rule.get()));
  }

  private static boolean isKnown(TokenReviewStatus review) {
    return Boolean.TRUE.equals(review.getAuthenticated());
  }

  private TokenReviewStatus review(String token, boolean worker) {
    TokenReview review =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            .withAudiences(worker ? List.of(AUDIENCE) : List.of())
            .endSpec()
            .build();
    return reviewer.ask(client, review).getStatus();
  }

  private static Optional<Refusal> speaksForItself(String asked, UserInfo user) {
    // system:serviceaccount:NAMESPACE:NAME
    List<String> account = Splitter.on(':').splitToList(user.getUsername());
    String namespace = account.size() == 4 ? account.get(2) : "";
    List<String> pod = user.getExtra().getOrDefault(POD, List.of(""));
    String name = pod.getFirst() + "." + namespace;
    return asked.equals(name)
        ? Optional.empty()
        : refuse(
            Refusal.FORBIDDEN,
            "not-that-worker",
            "%s may not speak for worker %s".formatted(name, asked));
  }

  private boolean may(AccessRule rule, UserInfo user) {
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.getUsername())
            .withUid(user.getUid())
            .withGroups(user.getGroups())
            .withExtra(user.getExtra())
            .withNewResourceAttributes()
            .withGroup("ballast.dev")
            .withResource(rule.resource())
            .withVerb(rule.verb())
            .withNamespace(rule.namespace())
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(reviewer.ask(client, review).getStatus().getAllowed());
  }

  private static Optional<Refusal> refuse(int status, String type, String message) {
    return Optional.of(new Refusal(status, type, message));
  }
}
