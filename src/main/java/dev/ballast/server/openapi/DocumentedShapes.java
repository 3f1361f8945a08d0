package dev.ballast.server.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.server.jobs.DecisionDocument;
import dev.ballast.server.jobs.JobDocument;
import dev.ballast.server.jobs.MatrixDocument;
import dev.ballast.server.jobs.PlacementDocument;
import dev.ballast.server.rest.ForecastDocument;
import dev.ballast.server.rest.PoolDocument;
import dev.ballast.store.BallastJson;
import dev.ballast.store.Profile;
import dev.ballast.store.affinity.Affinity;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jspecify.annotations.Nullable;

/**
 * Makes the described shapes those that are sent. The scanner reads Java, so it knows neither what
 * may be null nor that words are written as their labels; here both are taken from the records and
 * from the mapper that writes them.
 */
final class DocumentedShapes {
  private static final List<Class<?>> ROOTS =
      List.of(
          JobDocument.class,
          JobDocument.TaskPage.class,
          MatrixDocument.class,
          AttemptResult.class,
          DecisionDocument.class,
          PlacementDocument.class,
          PoolDocument.class,
          ForecastDocument.class,
          WorkerView.class,
          Profile.class,
          Affinity.class,
          SyncRequest.class,
          SyncResponse.class);

  private static final Set<Class<?>> MAYBE =
      Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

  private final ObjectMapper mapper = BallastJson.mapper();
  private final Map<String, Schema> schemas;

  private DocumentedShapes(Map<String, Schema> schemas) {
    this.schemas = schemas;
  }

  /** {@code schemas} by name, to be changed. */
  static void complete(Map<String, Schema> schemas) {
    DocumentedShapes shapes = new DocumentedShapes(schemas);
    told().forEach(shapes::complete);
  }

  /** The roots and all of ours that they are made of. */
  private static Set<Class<?>> told() {
    Set<Class<?>> told = new LinkedHashSet<>();
    Deque<Type> left = new ArrayDeque<>(ROOTS);
    while (!left.isEmpty()) {
      Type type = left.removeFirst();
      if (type instanceof ParameterizedType generic) {
        left.addAll(Arrays.asList(generic.getActualTypeArguments()));
      } else if (type instanceof Class<?> one
          && one.getName().startsWith("dev.ballast.")
          && told.add(one)
          && one.isRecord()) {
        for (RecordComponent component : one.getRecordComponents()) {
          left.add(component.getGenericType());
        }
      }
    }
    return told;
  }

  private void complete(Class<?> type) {
    List<String> words = words(type);
    for (Map.Entry<String, Schema> entry : new HashMap<>(schemas).entrySet()) {
      Schema schema = entry.getValue();
      if (!entry.getKey().replaceFirst("\\d+$", "").equals(type.getSimpleName())
          || !fits(type, schema)) {
        continue;
      }
      if (type.isEnum()) {
        schema.setEnumeration(new ArrayList<>(words));
      } else if (isWord(type)) {
        schemas.put(entry.getKey(), OASFactory.createSchema().type(List.of(SchemaType.STRING)));
      } else if (type.isRecord()) {
        nullable(type, schema);
      }
    }
  }

  /** Two records may have one name; the scanner numbers them. */
  private static boolean fits(Class<?> type, Schema schema) {
    if (type.isEnum()) {
      List<Object> known = schema.getEnumeration();
      return known != null
          && known.stream()
              .allMatch(name ->
                  Arrays.stream(type.getEnumConstants())
                      .anyMatch(constant -> ((Enum<?>) constant).name().equals(name)));
    }
    if (!type.isRecord()) {
      return false;
    }
    Set<String> names = new LinkedHashSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      names.add(component.getName());
    }
    return schema.getProperties() == null || names.containsAll(schema.getProperties().keySet());
  }

  private List<String> words(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(constant -> mapper.valueToTree(constant).asText())
            .toList()
        : List.of();
  }

  /** A record that is written as its only component. */
  private boolean isWord(Class<?> type) {
    if (!type.isRecord()
        || type.getRecordComponents().length != 1
        || type.getRecordComponents()[0].getType() != String.class) {
      return false;
    }
    try {
      return mapper.valueToTree(mapper.convertValue("x", type)).isTextual();
    } catch (IllegalArgumentException e) {
      return false; // an object with one field
    }
  }

  private static void nullable(Class<?> type, Schema schema) {
    Map<String, Schema> properties = schema.getProperties();
    if (properties == null) {
      return;
    }
    Map<String, Schema> completed = new HashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Schema property = properties.get(component.getName());
      if (property != null && mayBeAbsent(component)) {
        completed.put(component.getName(), orNull(property));
      }
    }
    completed.forEach((name, property) -> {
      schema.removeProperty(name);
      schema.addProperty(name, property);
    });
  }

  private static boolean mayBeAbsent(RecordComponent component) {
    AnnotatedType type = component.getAnnotatedType();
    return type.isAnnotationPresent(Nullable.class) || MAYBE.contains(component.getType());
  }

  private static Schema orNull(Schema schema) {
    if (schema.getRef() != null || schema.getType() == null) {
      return OASFactory.createSchema()
          .anyOf(List.of(schema, OASFactory.createSchema().type(List.of(SchemaType.NULL))));
    }
    List<SchemaType> types = new ArrayList<>(schema.getType());
    if (!types.contains(SchemaType.NULL)) {
      types.add(SchemaType.NULL);
    }
    schema.setType(types);
    return schema;
  }
}
