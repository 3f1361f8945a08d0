package dev.ballast.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.TaskRun;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Events as rows of the journal: the record's simple name, the version of its form, and itself as
 * JSON. Which records there are is read off the sealed {@link Event}.
 */
final class EventCodec {
  /** The form that is written now. */
  static final int VERSION = 2;

  // An event with a field that this version does not know would lose it: it is refused instead.
  private final ObjectMapper mapper =
      BallastJson.mapper()
          .copy()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addMixIn(TaskRun.Standing.class, StandingByType.class);
  private final Map<String, Class<?>> types =
      records(Event.class).collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = TaskRun.Waiting.class, name = "waiting"),
    @JsonSubTypes.Type(value = TaskRun.Bound.class, name = "bound"),
    @JsonSubTypes.Type(value = TaskRun.Done.class, name = "done"),
    @JsonSubTypes.Type(value = TaskRun.Dropped.class, name = "dropped")
  })
  private interface StandingByType {}

  /** A row of the journal. */
  record Row(
      long sequence, String type, int version, Instant happenedAt, String payload, long checksum) {

    static Row of(long sequence, String type, int version, Instant happenedAt, String payload) {
      // The database keeps microseconds.
      Instant kept = happenedAt.truncatedTo(ChronoUnit.MICROS);
      return new Row(
          sequence, type, version, kept, payload, crc(sequence, type, version, kept, payload));
    }

    boolean isIntact() {
      return checksum == crc(sequence, type, version, happenedAt, payload);
    }

    private static long crc(
        long sequence, String type, int version, Instant happenedAt, String payload) {
      CRC32C crc = new CRC32C();
      String header = sequence + "\n" + type + "\n" + version + "\n" + happenedAt + "\n";
      crc.update(header.getBytes(StandardCharsets.UTF_8));
      crc.update(payload.getBytes(StandardCharsets.UTF_8));
      return crc.getValue();
    }
  }

  /** An event whose name or form this version does not know, or that makes no sense. */
  static final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableEventException(String message) {
      super(message);
    }

    UnreadableEventException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  Row encode(long sequence, Event event) {
    try {
      return Row.of(
          sequence,
          event.getClass().getSimpleName(),
          VERSION,
          event.at(),
          mapper.writeValueAsString(event));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s cannot be written as JSON".formatted(event.getClass().getSimpleName()), e);
    }
  }

  Event decode(Row row) throws UnreadableEventException {
    Class<?> type = types.get(row.type());
    if (type == null || row.version() > VERSION) {
      throw new UnreadableEventException(
          "a newer Ballast wrote it (%s, form %d)".formatted(row.type(), row.version()));
    }
    try {
      return (Event) mapper.readValue(row.payload(), type);
    } catch (JsonProcessingException e) {
      throw new UnreadableEventException(
          "its form is not known here (%s)".formatted(e.getOriginalMessage()), e);
    }
  }

  /** Every record under a sealed interface, at any depth. */
  static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventCodec::records)
        : Stream.of(type);
  }
}
