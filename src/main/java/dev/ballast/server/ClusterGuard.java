package dev.ballast.server;

import com.google.common.base.Splitter;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets the API server say who asks (TokenReview) and what they may (SubjectAccessReview): whoever
 * may read test jobs with kubectl may read them here. A worker shows the token of its pod, made for
 * us alone, and may speak for that pod only.
 */
public final class ClusterGuard implements Guard {
  /** Workers' tokens are made for this audience, so that they are worth nothing elsewhere. */
  public static final String AUDIENCE = "ballast";

  private static final Duration REMEMBERED = Duration.ofSeconds(30);
  private static final Pattern SYNC = Pattern.compile("/api/v1/workers/([^/]+)/sync");
  private static final Pattern NAMESPACED =
      Pattern.compile("/api/v1/namespaces/([^/]+)/([a-z]+).*");
  private static final String POD = "authentication.kubernetes.io/pod-name";
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int UNAVAILABLE = 503;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Map<Question, Answer> remembered = new ConcurrentHashMap<>();

  private record Question(String method, String path, String token) {}

  private record Answer(Optional<Refusal> refusal, Instant until) {}

  public ClusterGuard(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public Optional<Refusal> check(String method, String path, Optional<String> token) {
    if (token.isEmpty()) {
      return refuse(
          UNAUTHORIZED,
          "no-token",
          "show a token of the cluster: Authorization: Bearer $(kubectl create token NAME)");
    }
    Question question = new Question(method, path, token.get());
    Instant now = clock.instant();
    Answer known = remembered.get(question);
    if (known != null && now.isBefore(known.until())) {
      return known.refusal();
    }
    try {
      Optional<Refusal> refusal = ask(question);
      remembered.values().removeIf(answer -> !now.isBefore(answer.until()));
      remembered.put(question, new Answer(refusal, now.plus(REMEMBERED)));
      return refusal;
    } catch (KubernetesClientException e) {
      return refuse(
          UNAVAILABLE, "no-answer", "the API server does not say who you are: " + e.getMessage());
    }
  }

  private Optional<Refusal> ask(Question question) {
    Matcher sync = SYNC.matcher(question.path());
    boolean worker = sync.matches();
    TokenReviewStatus review = review(question.token(), worker);
    if (!Boolean.TRUE.equals(review.getAuthenticated())) {
      return refuse(
          UNAUTHORIZED,
          "bad-token",
          worker
              ? "the token is not one that this cluster made for the audience " + AUDIENCE
              : "the cluster does not know that token");
    }
    return worker
        ? speaksForItself(sync.group(1), review.getUser())
        : may(question, review.getUser());
  }

  private TokenReviewStatus review(String token, boolean worker) {
    TokenReview review =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            .withAudiences(worker ? List.of(AUDIENCE) : List.of())
            .endSpec()
            .build();
    return client.resource(review).create().getStatus();
  }

  private static Optional<Refusal> speaksForItself(String id, UserInfo user) {
    // system:serviceaccount:NAMESPACE:NAME
    List<String> account = Splitter.on(':').splitToList(user.getUsername());
    String namespace = account.size() == 4 ? account.get(2) : "";
    List<String> pod = user.getExtra().getOrDefault(POD, List.of(""));
    String name = pod.getFirst() + "." + namespace;
    String asked = URLDecoder.decode(id, StandardCharsets.UTF_8);
    return asked.equals(name)
        ? Optional.empty()
        : refuse(
            FORBIDDEN, "not-that-worker", "%s may not speak for worker %s".formatted(name, asked));
  }

  private Optional<Refusal> may(Question question, UserInfo user) {
    Matcher namespaced = NAMESPACED.matcher(question.path());
    boolean inNamespace = namespaced.matches();
    String resource =
        inNamespace && namespaced.group(2).equals("jobs") ? "testjobs" : "browserpools";
    String verb =
        switch (question.method().toUpperCase(Locale.ROOT)) {
          case "GET", "HEAD", "OPTIONS" -> "get";
          case "POST" -> inNamespace ? "create" : "update";
          case "DELETE" -> "delete";
          default -> "update";
        };
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.getUsername())
            .withUid(user.getUid())
            .withGroups(user.getGroups())
            .withExtra(user.getExtra())
            .withNewResourceAttributes()
            .withGroup("ballast.dev")
            .withResource(resource)
            .withVerb(verb)
            .withNamespace(inNamespace ? namespaced.group(1) : "")
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(client.resource(review).create().getStatus().getAllowed())
        ? Optional.empty()
        : refuse(
            FORBIDDEN,
            "forbidden",
            "%s may not %s %s.ballast.dev %s"
                .formatted(
                    user.getUsername(),
                    verb,
                    resource,
                    inNamespace ? "in namespace " + namespaced.group(1) : "in all namespaces"));
  }

  private static Optional<Refusal> refuse(int status, String type, String message) {
    return Optional.of(new Refusal(status, type, message));
  }
}
