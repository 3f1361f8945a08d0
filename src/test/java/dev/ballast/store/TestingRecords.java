package dev.ballast.store;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.JobSpec;
import dev.ballast.model.SyncRequest;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes any record of the model up, by its components: whoever adds a component or a record gets it
 * tested here without a line more.
 */
final class TestingRecords {
  private static final List<String> WORDS =
      List.of(
          "",
          "a",
          "naïve",
          "quote\"d",
          "two\nlines",
          "back\\slash",
          "☃ 😀",
          "'; DROP TABLE x",
          "null");

  private final Random random;

  TestingRecords(long seed) {
    random = new Random(seed);
  }

  <T> T next(Class<T> type) {
    return type.cast(value(type, null));
  }

  private @Nullable Object value(Type type, @Nullable AnnotatedElement component) {
    if (type instanceof ParameterizedType generic) {
      return container((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    }
    Class<?> plain = (Class<?>) type;
    if (component != null && isNullable(component) && random.nextInt(3) == 0) {
      return null;
    }
    if (plain == String.class) {
      return WORDS.get(random.nextInt(WORDS.size())) + random.nextInt(100);
    }
    if (plain == int.class || plain == Integer.class) {
      return random.nextInt(10_000);
    }
    if (plain == long.class || plain == Long.class) {
      return random.nextLong();
    }
    if (plain == double.class || plain == Double.class) {
      return random.nextBoolean() ? random.nextGaussian() : random.nextDouble() * 1e-9;
    }
    if (plain == boolean.class || plain == Boolean.class) {
      return random.nextBoolean();
    }
    if (plain == Duration.class) {
      return Duration.ofNanos(random.nextLong(1L << 50));
    }
    if (plain == Instant.class) {
      return Instant.ofEpochSecond(
          random.nextLong(4_000_000_000L), random.nextInt(1_000_000) * 1_000L);
    }
    if (plain == URI.class) {
      return URI.create("https://example.org/model-%d.onnx?q=%%20".formatted(random.nextInt(100)));
    }
    if (plain == OptionalInt.class) {
      return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt());
    }
    if (plain == OptionalLong.class) {
      return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong());
    }
    if (plain == OptionalDouble.class) {
      return random.nextBoolean() ? OptionalDouble.empty() : OptionalDouble.of(random.nextDouble());
    }
    if (plain == Backend.class) {
      return List.of(Backend.WASM, Backend.WEBGPU, new Backend("webfuture")).get(random.nextInt(3));
    }
    if (plain == BrowserKind.class) {
      return List.of(BrowserKind.CHROMIUM, BrowserKind.FIREFOX, new BrowserKind("ladybird"))
          .get(random.nextInt(3));
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
    }
    if (plain.isSealed()) {
      List<Class<?>> records = EventCodec.records(plain).toList();
      return value(records.get(random.nextInt(records.size())), null);
    }
    if (plain.isRecord()) {
      return record(plain);
    }
    throw new AssertionError("teach TestingRecords to make a " + type);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] =
          value(
              components[i].getGenericType(), components[i].getAccessor().getAnnotatedReturnType());
      if (type == JobSpec.class) {
        values[i] = validInJob(components[i], values[i]);
      }
      if (type == SyncRequest.class || type == BrowserMetrics.class) {
        values[i] = validOfAWorker(components[i], values[i]);
      }
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a " + type, e);
    }
  }

  private @Nullable Object validInJob(RecordComponent component, @Nullable Object value) {
    return switch (component.getName()) {
      case "models" -> List.of(next(dev.ballast.model.TestModel.class));
      case "repetitions" -> 1 + random.nextInt(50);
      default -> value;
    };
  }

  private @Nullable Object validOfAWorker(RecordComponent component, @Nullable Object value) {
    return switch (component.getName()) {
      case "slots" -> 1 + random.nextInt(64);
      case "tasksDone" -> random.nextLong(Long.MAX_VALUE);
      case "memoryBytes" ->
          random.nextBoolean()
              ? OptionalLong.empty()
              : OptionalLong.of(random.nextLong(Long.MAX_VALUE));
      default -> value;
    };
  }

  private Object container(Class<?> type, Type[] of) {
    int size = random.nextInt(4);
    if (type == Optional.class) {
      return random.nextBoolean() ? Optional.empty() : Optional.of(some(of[0]));
    }
    if (type == List.class) {
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        list.add(some(of[0]));
      }
      return list;
    }
    if (type == Set.class) {
      Set<Object> set = new LinkedHashSet<>();
      for (int i = 0; i < size; i++) {
        set.add(some(of[0]));
      }
      return set;
    }
    if (type == Map.class) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        map.put(some(of[0]), some(of[1]));
      }
      return map;
    }
    throw new AssertionError("teach TestingRecords to make a " + type);
  }

  private Object some(Type type) {
    Object value = value(type, null);
    if (value == null) {
      throw new AssertionError("no element of a container is null");
    }
    return value;
  }

  private static boolean isNullable(AnnotatedElement component) {
    return component.isAnnotationPresent(Nullable.class);
  }
}
