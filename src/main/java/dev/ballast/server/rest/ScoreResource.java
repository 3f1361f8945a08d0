package dev.ballast.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.balancer.TaskView;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Requirements;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.form.StrictBody;
import dev.ballast.server.jobs.DecisionDocument;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/** What the balancer would decide, without doing it. */
@Path("/api/v1/score")
public class ScoreResource {
  private static final String HOLDS =
      "the body must name a model and its family, for example {\"model\": \"silero-vad\","
          + " \"family\": \"audio\"}";

  private final Desk desk;
  private final ObjectMapper mapper;

  @Inject
  ScoreResource(Desk desk, ObjectMapper mapper) {
    this.desk = desk;
    this.mapper = mapper;
  }

  /**
   * A task that might come.
   *
   * @param backend absent: the balancer's choice
   * @param browser absent: the balancer's choice
   * @param poolSelector labels a pool must carry
   */
  public record Question(
      @Nullable String model,
      @Nullable ModelFamily family,
      @Nullable Backend backend,
      @Nullable BrowserKind browser,
      @Nullable Map<String, String> poolSelector) {}

  @POST
  @Operation(
      summary =
          "Which browsers would be picked for a model now: candidates with their costs in seconds,"
              + " by factor, the best first")
  public DecisionDocument score(
      @RequestBody(content = @Content(schema = @Schema(implementation = Question.class)))
          @Nullable JsonNode body)
      throws IOException {
    Question question = StrictBody.read(mapper, body, Question.class, HOLDS);
    if (question.model() == null || question.family() == null) {
      throw new BadRequestException(HOLDS);
    }
    Desk.Open open = desk.now();
    return DecisionDocument.of(
        open.dispatch()
            .score(
                new TaskView(
                    question.model(),
                    question.family(),
                    question.poolSelector() == null ? Map.of() : question.poolSelector(),
                    Optional.ofNullable(question.backend()),
                    Optional.ofNullable(question.browser()),
                    Requirements.NONE,
                    Set.of())));
  }
}
