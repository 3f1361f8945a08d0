package dev.ballast.server.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.events.EventDocument;
import dev.ballast.server.events.EventFeed;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.io.UncheckedIOException;
import java.nio.BufferOverflowException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What happens, as it happens. */
@Path("/api/v1")
public class EventResource {
  /** A reader that is further behind is let go: it comes back with its last id. */
  private static final int BUFFER = 2_000;

  /** Proxies close what is silent for long. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

  private final Desk desk;
  private final ObjectMapper mapper;

  @Inject
  EventResource(Desk desk, ObjectMapper mapper) {
    this.desk = desk;
    this.mapper = mapper;
  }

  @GET
  @Path("events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary =
          "Events of jobs and attempts as server-sent events; with Last-Event-ID without a gap, or"
              + " an event \"gap\" that says some are lost")
  public Multi<OutboundSseEvent> events(
      @HeaderParam("Last-Event-ID") @DefaultValue("") String lastSeen, @Context Sse sse) {
    return events(lastSeen, sse, _ -> true);
  }

  @GET
  @Path("namespaces/{namespace}/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "The events of the jobs of a namespace; ids are those of /events")
  public Multi<OutboundSseEvent> ofNamespace(
      String namespace,
      @HeaderParam("Last-Event-ID") @DefaultValue("") String lastSeen,
      @Context Sse sse) {
    return events(lastSeen, sse, event -> namespace.equals(event.namespace()));
  }

  private Multi<OutboundSseEvent> events(String lastSeen, Sse sse, Predicate<EventDocument> which) {
    EventFeed feed = desk.now().events();
    if (feed.readers() >= EventFeed.MOST_READERS) {
      throw new EventFeed.TooManyReadersException();
    }
    // What a reader missed is no fault of its pace now.
    int room = BUFFER + feed.behind(lastSeen);
    AtomicBoolean over = new AtomicBoolean();
    Multi<OutboundSseEvent> happened =
        Multi.createFrom()
            .<OutboundSseEvent>emitter(emitter -> begin(emitter, feed, lastSeen, sse, which), room)
            .onFailure(BufferOverflowException.class)
            .recoverWithItem(() -> {
              over.set(true);
              return named(
                  sse, "overflow", "this reader is too slow; come back with Last-Event-ID");
            });
    Multi<OutboundSseEvent> signs =
        Multi.createFrom()
            .ticks()
            .every(SIGN_OF_LIFE)
            .onOverflow()
            .drop()
            .select()
            .first(_ -> !over.get())
            .map(_ -> sse.newEventBuilder().comment("here").build());
    return Multi.createBy().merging().streams(happened, signs);
  }

  private void begin(
      MultiEmitter<? super OutboundSseEvent> emitter,
      EventFeed feed,
      String lastSeen,
      Sse sse,
      Predicate<EventDocument> which) {
    Consumer<EventFeed.Entry> reader =
        entry -> {
          if (which.test(entry.event())) {
            emitter.emit(event(sse, entry));
          }
        };
    // Nothing may be emitted before what was missed, and dispatch emits from a thread of its own.
    synchronized (feed) {
      EventFeed.Start start = feed.subscribe(lastSeen, reader);
      emitter.onTermination(() -> feed.unsubscribe(reader));
      // The answer begins with its first event: a reader should not have to wait for one.
      emitter.emit(sse.newEventBuilder().comment("listening").build());
      if (!start.complete()) {
        emitter.emit(
            named(
                sse,
                "gap",
                "what came after %s is not kept any more; look again".formatted(lastSeen)));
      }
      start.missed().forEach(reader);
    }
  }

  private OutboundSseEvent event(Sse sse, EventFeed.Entry entry) {
    try {
      return sse.newEventBuilder()
          .id(entry.id())
          .name(entry.event().type())
          .data(mapper.writeValueAsString(entry.event()))
          .build();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OutboundSseEvent named(Sse sse, String name, String message) {
    return sse.newEventBuilder().name(name).data(message).build();
  }
}
