package dev.ballast.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.model.WorkerId;
import dev.ballast.store.affinity.Affinity;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;

/**
 * How the model is written as JSON, the same everywhere: reports, API, worker protocol, journal.
 * Words ({@link Outcome}, {@link Backend}, …) are their lower-case labels, instants and durations
 * ISO 8601, absent is null. Unknown fields are ignored, so that neighbours of another version are
 * understood.
 */
public final class BallastJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModules(new Jdk8Module(), new JavaTimeModule(), words())
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private BallastJson() {}

  /** The shared mapper. Configure a {@link ObjectMapper#copy()}, never this one. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** The words of the model, for a mapper that somebody else configures. */
  public static Module words() {
    SimpleModule module = new SimpleModule("ballast-words");
    word(module, Backend.class, Backend::name, Backend::new);
    word(module, BrowserKind.class, BrowserKind::name, BrowserKind::new);
    word(module, WorkerId.class, WorkerId::name, WorkerId::new);
    word(module, Outcome.class, Outcome::label, Outcome::of);
    word(
        module,
        ModelFamily.class,
        ModelFamily::label,
        labelled(ModelFamily.values(), ModelFamily::label));
    word(
        module,
        Verdict.Level.class,
        Verdict.Level::label,
        labelled(Verdict.Level.values(), Verdict.Level::label));
    word(
        module,
        Verdict.Reason.class,
        Verdict.Reason::label,
        labelled(Verdict.Reason.values(), Verdict.Reason::label));
    word(
        module,
        Affinity.Agreement.class,
        Affinity.Agreement::label,
        labelled(Affinity.Agreement.values(), Affinity.Agreement::label));
    module.setMixInAnnotation(ModelSource.class, SourceByType.class);
    return module;
  }

  /** The constant with that label. */
  static <E> Function<String, E> labelled(E[] constants, Function<E, String> label) {
    return word ->
        Arrays.stream(constants)
            .filter(constant -> label.apply(constant).equals(word))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "\"%s\" is not a known word. Known: %s"
                        .formatted(word, Arrays.stream(constants).map(label).toList())));
  }

  private static <T> void word(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
    module.addSerializer(type, new WordSerializer<>(type, write));
    module.addKeySerializer(type, new WordKeySerializer<>(type, write));
    module.addDeserializer(type, new WordDeserializer<>(type, read));
    module.addKeyDeserializer(type, new WordKeyDeserializer(read));
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ModelSource.Builtin.class, name = "builtin"),
    @JsonSubTypes.Type(value = ModelSource.Remote.class, name = "remote"),
    @JsonSubTypes.Type(value = ModelSource.Page.class, name = "page")
  })
  private interface SourceByType {}

  private static final class WordSerializer<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<T, String> write;

    WordSerializer(Class<T> type, Function<T, String> write) {
      super(type);
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(write.apply(value));
    }
  }

  private static final class WordKeySerializer<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<T, String> write;

    WordKeySerializer(Class<T> type, Function<T, String> write) {
      super(type);
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeFieldName(write.apply(value));
    }
  }

  private static final class WordDeserializer<T> extends FromStringDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<String, T> read;

    WordDeserializer(Class<T> type, Function<String, T> read) {
      super(type);
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.hasTokenId(com.fasterxml.jackson.core.JsonTokenId.ID_STRING)) {
        return super.deserialize(json, context);
      }
      return _deserialize(json.getText(), context);
    }

    @Override
    protected T _deserialize(String text, DeserializationContext context) throws IOException {
      try {
        return read.apply(text);
      } catch (IllegalArgumentException e) {
        return context.reportInputMismatch(this, "%s", e.getMessage());
      }
    }
  }

  private static final class WordKeyDeserializer extends KeyDeserializer {
    private final Function<String, ?> read;

    WordKeyDeserializer(Function<String, ?> read) {
      this.read = read;
    }

    @Override
    public Object deserializeKey(String key, DeserializationContext context) throws IOException {
      try {
        return read.apply(key);
      } catch (IllegalArgumentException e) {
        return context.reportInputMismatch(Object.class, "%s", e.getMessage());
      }
    }
  }
}
