package dev.ballast.server.openapi;

import dev.ballast.server.form.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Adds to the description of the API what every operation may answer beside what it is for: problem
 * documents by status, each with an example, and what the resources share.
 */
public class DocumentedErrors implements OASFilter {
  private static final String PROBLEM = "Problem";
  private static final String JSON = "application/json";

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
      add(operation, 408);
      add(operation, 413);
      add(operation, 415);
      RequestExamples.add(path, operation.getRequestBody());
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
    ErrorKind kind = ErrorKind.of(status);
    APIResponse response =
        OASFactory.createAPIResponse()
            .description(kind.when)
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
                                        "https://ballast.dev/problems/" + kind.code,
                                        "title",
                                        kind.when,
                                        "status",
                                        status,
                                        "detail",
                                        kind.detail)))));
    if (status == 429) {
      response.addHeader(
          "Retry-After",
          OASFactory.createHeader().description("Seconds to wait").schema(integer()));
    }
    operation.getResponses().addAPIResponse(String.valueOf(status), response);
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
