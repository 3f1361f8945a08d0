package dev.ballast.server.form;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.BadRequestException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that a person writes: a field that is not known is a mistake there, not something of a
 * newer version.
 */
public final class StrictBody {
  private StrictBody() {}

  /**
   * Reads a body; what is unknown or of another shape is answered with 400 and its field.
   *
   * @param advice what a body must hold, for one that is empty
   */
  public static <T> T read(
      ObjectMapper mapper, @Nullable JsonNode body, Class<T> type, String advice)
      throws IOException {
    if (body == null || body.isNull() || body.isMissingNode()) {
      throw new BadRequestException(advice);
    }
    return mapper
        .readerFor(type)
        .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .readValue(body);
  }
}
