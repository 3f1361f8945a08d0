package dev.ballast.server.jobs;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.Link;
import jakarta.ws.rs.core.UriInfo;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, newest first, in pages. The cursor names the last job that was told, so that jobs which
 * come or go between two pages make no other one appear twice or be missed.
 */
public record JobPage(List<JobDocument> items, Optional<String> next) {
  public static final int MAX = 1000;

  private static final Comparator<JobDocument> NEWEST_FIRST =
      Comparator.comparing(JobDocument::acceptedAt).thenComparing(JobDocument::uid).reversed();

  /** {@code limit}: at most so many; {@code cursor}: behind the job that it names. */
  public static JobPage of(
      List<JobDocument> jobs, Predicate<JobDocument> which, int limit, @Nullable String cursor) {
    Predicate<JobDocument> behind = cursor == null ? _ -> true : behind(cursor);
    List<JobDocument> found =
        jobs.stream().filter(which).filter(behind).sorted(NEWEST_FIRST).limit(limit + 1L).toList();
    List<JobDocument> page = found.size() > limit ? found.subList(0, limit) : found;
    return new JobPage(
        page,
        found.size() > limit
            ? Optional.of(page.getLast().acceptedAt() + "~" + page.getLast().uid())
            : Optional.empty());
  }

  private static Predicate<JobDocument> behind(String cursor) {
    int between = cursor.indexOf('~');
    try {
      Instant acceptedAt = Instant.parse(cursor.substring(0, Math.max(0, between)));
      String uid = cursor.substring(between + 1);
      Comparator<Instant> byTime = Comparator.naturalOrder();
      return job -> {
        int time = byTime.compare(job.acceptedAt(), acceptedAt);
        return time < 0 || (time == 0 && job.uid().compareTo(uid) < 0);
      };
    } catch (DateTimeException e) {
      throw new BadRequestException(
          "continue (%s) is none that this API gave. Maybe take it from the Link header?"
              .formatted(cursor));
    }
  }

  /** The jobs, and where the next page is in the header {@code Link}. */
  public RestResponse<List<JobDocument>> response(UriInfo uri) {
    RestResponse.ResponseBuilder<List<JobDocument>> response =
        RestResponse.ResponseBuilder.ok(items);
    next.ifPresent(cursor ->
        response.header(
            "Link",
            Link.fromUri(uri.getRequestUriBuilder().replaceQueryParam("continue", cursor).build())
                .rel("next")
                .build()
                .toString()));
    return response.build();
  }
}
