package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Backend;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.TestModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentsTest {
  private final Residents residents = new Residents(100);

  @Test
  void theLeastRecentlyUsedLeaveWhenThereIsNoRoom() {
    use("a", 40);
    use("b", 40);
    use("a", 40);

    assertThat(evictFor("c", 40)).containsExactly("key-b");
    assertThat(evictFor("c", 100)).containsExactly("key-b", "key-a");
    assertThat(evictFor("a", 1000)).as("it is there").isEmpty();
  }

  @Test
  void whatIsToLeaveCountsUntilThePageSaysThatItHasGone() {
    use("a", 60);
    evictFor("b", 60);

    assertThat(residents.names()).containsExactly("a|wasm");

    reconcile(List.of("key-b"), "b");
    assertThat(residents.names()).containsExactly("b|wasm");
  }

  @Test
  void aModelWhoseFirstRunFailedCountsWhenThePageKeepsIt() {
    reconcile(List.of("key-failed"), "failed");

    assertThat(residents.names()).containsExactly("failed|wasm");
    assertThat(evictFor("next", 60)).containsExactly("key-failed");
  }

  @Test
  void aModelThatCouldNotBeLoadedDoesNotCount() {
    use("a", 60);

    reconcile(List.of("key-a"), "broken");

    assertThat(residents.names()).containsExactly("a|wasm");
  }

  private void use(String name, long bytes) {
    residents.used(model(name), Backend.WASM, "key-" + name, bytes);
  }

  private List<String> evictFor(String name, long bytes) {
    return residents.evictFor(model(name), Backend.WASM, bytes);
  }

  private void reconcile(List<String> keys, String tried) {
    residents.reconcile(keys, model(tried), Backend.WASM, "key-" + tried, 60);
  }

  private static TestModel model(String name) {
    return new TestModel(name, ModelFamily.OTHER, new ModelSource.Builtin(name), List.of());
  }
}
