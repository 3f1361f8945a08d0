package dev.ballast.server.openapi;

import dev.ballast.server.form.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.examples.Example;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Adds to the description of the API what every operation may answer beside what it is for: problem
 * documents by status, each with an example, and what the resources share.
 */
public class DocumentedErrors implements OASFilter {
  private static final String PROBLEM = "Problem";
  private static final String JSON = "application/json";

  /** Of a status: when it comes, the word in its type, and what it may say. */
  private record Kind(String when, String code, String detail) {}

  private static final Map<Integer, Kind> KINDS =
      Map.ofEntries(
          Map.entry(
              400,
              new Kind(
                  "The request cannot be understood; errors point to its fields",
                  "invalid-manifest",
                  "spec.matrix.backends[0]: \"wsam\" is not one of them. Maybe \"wasm\"?")),
          Map.entry(
              401,
              new Kind(
                  "No token that is known here (where one is asked for)",
                  "no-token",
                  "show a token of the cluster: Authorization: Bearer $(kubectl create token NAME)")),
          Map.entry(
              403,
              new Kind(
                  "The token may not do that, or another page or host name asks",
                  "forbidden",
                  "ana may not create testjobs.ballast.dev in namespace team")),
          Map.entry(
              404,
              new Kind(
                  "There is no such thing",
                  "no-such-job",
                  "no job \"vad\" in namespace \"default\"")),
          Map.entry(
              405,
              new Kind(
                  "Not with this method", "method-not-allowed", "HTTP 405 Method Not Allowed")),
          Map.entry(
              406,
              new Kind(
                  "It cannot be had in that form",
                  "not-acceptable",
                  "known here: application/json")),
          Map.entry(
              409,
              new Kind(
                  "What is asked for does not go with what is",
                  "job-unfinished",
                  "job \"vad\" of namespace \"default\" is not finished")),
          Map.entry(
              413,
              new Kind(
                  "The body is too large", "too-large", "the body has more than 1048576 bytes")),
          Map.entry(
              415,
              new Kind(
                  "Not with a body of this type",
                  "unsupported-media-type",
                  "HTTP 415 Unsupported Media Type")),
          Map.entry(
              429,
              new Kind(
                  "Too many requests; Retry-After says when to come again",
                  "too-many-requests",
                  "slower, please: again in 1 s")),
          Map.entry(
              500,
              new Kind(
                  "A mistake of Ballast",
                  "internal",
                  "this should not happen; the log of the controller says more")),
          Map.entry(
              503,
              new Kind(
                  "Not now: it is only starting, or its journal cannot be used",
                  "not-ready",
                  "no controller runs in this process yet")));

  @Override
  public void filterOpenAPI(OpenAPI api) {
    Map<String, Schema> schemas = new TreeMap<>(api.getComponents().getSchemas());
    DocumentedShapes.complete(schemas);
    api.getComponents().setSchemas(schemas);
    api.getComponents()
        .addSchema(PROBLEM, problem())
        .addSecurityScheme(
            "token",
            OASFactory.createSecurityScheme()
                .type(org.eclipse.microprofile.openapi.models.security.SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description(
                    "In a cluster, or where --token-file was given; none is needed locally"));
    api.setSecurity(
        List.of(
            OASFactory.createSecurityRequirement(),
            OASFactory.createSecurityRequirement().addScheme("token", List.of())));
    api.getPaths()
        .getPathItems()
        .forEach((path, item) ->
            item.getOperations().forEach((method, operation) -> complete(path, method, operation)));
  }

  private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
    boolean body = operation.getRequestBody() != null;
    // A resource of an operation is named in its path.
    boolean named = path.contains("{");
    boolean changes = method != PathItem.HttpMethod.GET;
    add(operation, 400);
    add(operation, 401);
    add(operation, 403);
    if (named || path.endsWith("/results")) {
      add(operation, 404);
    }
    add(operation, 405);
    add(operation, 406);
    if (changes) {
      add(operation, 409);
    }
    if (body) {
      add(operation, 413);
      add(operation, 415);
      example(path, operation);
    }
    add(operation, 429);
    add(operation, 500);
    add(operation, 503);
    APIResponse ok = operation.getResponses().getAPIResponse("200");
    if (!changes
        && ok != null
        && ok.getContent() != null
        && ok.getContent().getMediaType(JSON) != null) {
      ok.addHeader(
          "ETag",
          OASFactory.createHeader()
              .description(
                  "Of what is sent; with If-None-Match the answer is 304 when it is the same")
              .schema(text()));
      operation
          .getResponses()
          .addAPIResponse(
              "304", OASFactory.createAPIResponse().description("The same as in If-None-Match"));
    }
  }

  private static void add(Operation operation, int status) {
    Kind kind = Optional.ofNullable(KINDS.get(status)).orElseThrow();
    APIResponse response =
        OASFactory.createAPIResponse()
            .description(kind.when())
            .content(
                OASFactory.createContent()
                    .addMediaType(
                        Problem.MEDIA_TYPE,
                        OASFactory.createMediaType()
                            .schema(OASFactory.createSchema().ref(PROBLEM))
                            .example(
                                new TreeMap<>(
                                    Map.of(
                                        "type",
                                        "https://ballast.dev/problems/" + kind.code(),
                                        "title",
                                        kind.when(),
                                        "status",
                                        status,
                                        "detail",
                                        kind.detail())))));
    if (status == 429) {
      response.addHeader(
          "Retry-After",
          OASFactory.createHeader().description("Seconds to wait").schema(integer()));
    }
    operation.getResponses().addAPIResponse(String.valueOf(status), response);
  }

  private static void example(String path, Operation operation) {
    Map<String, MediaType> content = operation.getRequestBody().getContent().getMediaTypes();
    if (content == null) {
      return;
    }
    content.forEach((type, media) -> {
      if (path.endsWith("/jobs")) {
        media.addExample("job", example(type.equals(JSON) ? JOB_JSON : JOB_YAML));
      } else if (path.endsWith("/jobs/{name}")) {
        media.addExample("suspend", example(Map.of("suspend", true)));
      } else if (path.endsWith("/score")) {
        media.addExample(
            "model", example(new TreeMap<>(Map.of("model", "silero-vad", "family", "audio"))));
      }
    });
  }

  private static final String JOB_YAML =
      """
      apiVersion: ballast.dev/v1alpha1
      kind: TestJob
      metadata: {name: vad}
      spec:
        matrix:
          models: [{name: vad, family: audio, source: "builtin:silero-vad"}]
          backends: [wasm]
          repetitions: 3
      """;

  private static final String JOB_JSON =
      """
      {"apiVersion": "ballast.dev/v1alpha1", "kind": "TestJob", "metadata": {"name": "vad"},
       "spec": {"matrix": {"models": [{"name": "vad", "family": "audio", "source": "builtin:silero-vad"}],
                           "backends": ["wasm"], "repetitions": 3}}}
      """;

  private static Example example(Object value) {
    return OASFactory.createExample().value(value);
  }

  private static Schema problem() {
    Schema field =
        OASFactory.createSchema()
            .type(List.of(Schema.SchemaType.OBJECT))
            .addProperty("pointer", text().description("JSON pointer (RFC 6901) into the body"))
            .addProperty("detail", text())
            .required(List.of("pointer", "detail"));
    return OASFactory.createSchema()
        .type(List.of(Schema.SchemaType.OBJECT))
        .description("What went wrong (RFC 9457)")
        .addProperty("type", text().description("https://ballast.dev/problems/ and a stable word"))
        .addProperty("title", text())
        .addProperty("status", integer())
        .addProperty("detail", text().description("A sentence, with the value and advice"))
        .addProperty(
            "errors",
            OASFactory.createSchema()
                .type(List.of(Schema.SchemaType.ARRAY))
                .items(field)
                .description("One for each field that is wrong"))
        .required(List.of("type", "title", "status", "detail"));
  }

  private static Schema text() {
    return OASFactory.createSchema().type(List.of(Schema.SchemaType.STRING));
  }

  private static Schema integer() {
    return OASFactory.createSchema().type(List.of(Schema.SchemaType.INTEGER));
  }
}
