package dev.ballast.server.openapi;

import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.examples.Example;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;

/** What somebody may send, for those who would rather see it than read of it. */
final class RequestExamples {
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

  private RequestExamples() {}

  static void add(String path, RequestBody body) {
    Map<String, MediaType> content = body.getContent().getMediaTypes();
    if (content == null) {
      return;
    }
    content.forEach((type, media) -> {
      if (path.endsWith("/jobs")) {
        media.addExample("job", example(type.equals("application/json") ? JOB_JSON : JOB_YAML));
      } else if (path.endsWith("/jobs/{name}")) {
        media.addExample("suspend", example(Map.of("suspend", true)));
      } else if (path.endsWith("/score")) {
        media.addExample(
            "model", example(new TreeMap<>(Map.of("model", "silero-vad", "family", "audio"))));
      }
    });
  }

  private static Example example(Object value) {
    return OASFactory.createExample().value(value);
  }
}
