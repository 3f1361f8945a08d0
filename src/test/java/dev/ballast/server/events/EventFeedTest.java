package dev.ballast.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventFeedTest {
  private final EventFeed feed = new EventFeed("r1", 3);
  private final List<String> heard = new ArrayList<>();

  @Test
  void aNewReaderHearsWhatComesFromNowOn() {
    happen(1);

    EventFeed.Start start = feed.subscribe("", entry -> heard.add(entry.id()));
    happen(2);

    assertThat(start.complete()).isTrue();
    assertThat(start.missed()).isEmpty();
    assertThat(heard).containsExactly("r1-2", "r1-3");
  }

  @Test
  void aReaderThatComesBackGoesOnWithoutAGap() {
    happen(3);

    EventFeed.Start start = feed.subscribe("r1-1", entry -> heard.add(entry.id()));
    happen(1);

    assertThat(start.complete()).isTrue();
    assertThat(start.missed()).extracting(EventFeed.Entry::id).containsExactly("r1-2", "r1-3");
    assertThat(heard).containsExactly("r1-4");
  }

  @Test
  void whatWasSeenLastOfAllLeavesNothingMissed() {
    happen(5);

    EventFeed.Start start = feed.subscribe("r1-5", entry -> heard.add(entry.id()));

    assertThat(start.complete()).isTrue();
    assertThat(start.missed()).isEmpty();
  }

  @Test
  void aReaderThatWasAwayTooLongIsToldOfTheGap() {
    happen(5);

    EventFeed.Start start = feed.subscribe("r1-1", entry -> heard.add(entry.id()));

    assertThat(start.complete()).isFalse();
    assertThat(start.missed())
        .extracting(EventFeed.Entry::id)
        .containsExactly("r1-3", "r1-4", "r1-5");
  }

  @Test
  void idsOfAnotherReignAndNonsenseAreAGap() {
    happen(2);

    assertThat(feed.subscribe("r0-2", entry -> {}).complete()).isFalse();
    assertThat(feed.subscribe("r1-99", entry -> {}).complete()).isFalse();
    assertThat(feed.subscribe("nonsense", entry -> {}).complete()).isFalse();
  }

  @Test
  void nobodyIsToldAfterLeaving() {
    java.util.function.Consumer<EventFeed.Entry> reader = entry -> heard.add(entry.id());
    feed.subscribe("", reader);
    feed.unsubscribe(reader);

    happen(1);

    assertThat(heard).isEmpty();
  }

  private void happen(int times) {
    for (int i = 0; i < times; i++) {
      feed.accept(new Event.JobChanged("uid", false, Optional.empty(), 0, Instant.EPOCH));
    }
  }
}
