package dev.ballast.operator.report;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes Events about resources, beside the work and never in its way: the same sentence about the
 * same resource at most once in ten minutes, {@value #OF_A_KIND} sentences with the same reason,
 * {@value #PER_SECOND} a second in all, and what cannot be written is only logged.
 */
public final class EventRecorder implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EventRecorder.class.getName());
  private static final int PER_SECOND = 25;
  private static final int OF_A_KIND = 5;

  /** Longer notes are refused; counted in UTF-8. */
  private static final int NOTE_BYTES = 1024;

  private static final String CUT = "…";
  private static final Duration SAME = Duration.ofMinutes(10);
  private static final String CONTROLLER = "ballast.dev/controller";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final InstantSource clock;
  private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Key, Told> told = new HashMap<>();
  private final AtomicLong numbers = new AtomicLong(System.nanoTime());
  private long second;
  private int inSecond;

  private record Key(String uid, String reason) {}

  /** Since the first of them; after ten minutes all is forgotten. */
  private record Told(Instant since, Set<String> notes) {}

  /** Whether the Event tells of something that needs care. */
  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String label;

    Type(String label) {
      this.label = label;
    }
  }

  /** {@code instance}: which of the controller's replicas this is. */
  public EventRecorder(KubernetesClient client, String instance, InstantSource clock) {
    this.client = client;
    this.clock = clock;
    this.instance = instance.isEmpty() ? "controller" : instance;
  }

  /**
   * Tells of {@code resource}.
   *
   * @param reason one word for machines, for example {@code Drained}
   * @param action what the controller did or tried
   * @param note a sentence for people
   */
  public void tell(HasMetadata resource, Type type, String reason, String action, String note) {
    Instant now = clock.instant();
    if (!admits(new Key(resource.getMetadata().getUid(), reason), note, now)) {
      return;
    }
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(resource.getMetadata().getNamespace())
            .withName(
                resource.getMetadata().getName()
                    + "."
                    + HexFormat.of().toHexDigits(numbers.incrementAndGet()))
            .endMetadata()
            .withEventTime(new MicroTime(MICROS.format(now)))
            .withReportingController(CONTROLLER)
            .withReportingInstance(instance)
            .withAction(action)
            .withReason(reason)
            .withType(type.label)
            .withNote(shortened(note))
            .withRegarding(
                new ObjectReferenceBuilder()
                    .withApiVersion(resource.getApiVersion())
                    .withKind(resource.getKind())
                    .withNamespace(resource.getMetadata().getNamespace())
                    .withName(resource.getMetadata().getName())
                    .withUid(resource.getMetadata().getUid())
                    .build())
            .build();
    writers.execute(() -> write(event));
  }

  /** As long as an API server takes it. */
  private static String shortened(String note) {
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= NOTE_BYTES) {
      return note;
    }
    int end = NOTE_BYTES - CUT.getBytes(StandardCharsets.UTF_8).length;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--; // not in the middle of a character
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + CUT;
  }

  private synchronized boolean admits(Key key, String note, Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      inSecond = 0;
      told.values().removeIf(before -> before.since().plus(SAME).isBefore(now));
    }
    Set<String> notes = told.computeIfAbsent(key, _ -> new Told(now, new HashSet<>())).notes();
    if (inSecond == PER_SECOND || notes.size() == OF_A_KIND || !notes.add(note)) {
      return false;
    }
    inSecond++;
    return true;
  }

  private void write(Event event) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.log(
          Level.WARNING,
          "the Event \"{0}\" could not be written: {1}",
          event.getNote(),
          e.getMessage());
    }
  }

  /** Waits for what is being written. */
  @Override
  public void close() {
    writers.close();
  }
}
