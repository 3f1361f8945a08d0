package dev.ballast.store;

import static dev.ballast.store.TestingResults.START;
import static dev.ballast.store.TestingResults.audio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.Observation;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.ProfileKey;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.Event;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.MeanInterval;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.store.affinity.Affinity;
import dev.ballast.store.affinity.Estimate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir Path path;
  private Database database;
  private DuckDbJournal journal;
  private History history;

  @BeforeEach
  void open() {
    database = Database.open(path.resolve("ballast.duckdb"));
    journal = new DuckDbJournal(database);
    history = new History(database);
  }

  @AfterEach
  void close() {
    journal.close();
    database.close();
  }

  @Test
  void resultsAreFoundByJobNameAndByUid() {
    add(audio().job("a", 0), audio().job("b", 0), audio().job("a", 1));

    assertThat(history.results(ResultFilter.ALL.ofJob("a")))
        .extracting(result -> result.index())
        .containsExactly(0, 1);
    assertThat(history.results(ResultFilter.ALL.ofJob("uid-of-b"))).hasSize(1);
    assertThat(history.results(ResultFilter.ALL.ofJob("'; DROP TABLE attempts; --"))).isEmpty();
    assertThat(history.results(ResultFilter.ALL.inNamespace("default"))).hasSize(3);
    assertThat(history.results(ResultFilter.ALL.inNamespace("other"))).isEmpty();
  }

  @Test
  void resultsSinceATimeIncludeThatTime() {
    add(audio().at(START), audio().at(START.plusSeconds(1)), audio().at(START.plusSeconds(2)));

    assertThat(history.results(ResultFilter.ALL.since(START.plusSeconds(1)))).hasSize(2);
  }

  @Test
  void pagesFollowEachOtherWhileResultsAreAdded() {
    add(audio().job("a", 0), audio().job("a", 1), audio().job("a", 2));
    History.Page first = history.page(ResultFilter.ALL.limit(2));
    add(audio().job("a", 3));

    History.Page second = history.page(ResultFilter.ALL.limit(3).after(first.next().orElseThrow()));

    assertThat(first.results()).extracting(result -> result.index()).containsExactly(0, 1);
    assertThat(second.results()).extracting(result -> result.index()).containsExactly(2, 3);
    assertThat(second.next()).isEmpty();
  }

  @Test
  void aProfileHasTheMeanOfItsAttemptsWithTheirInterval() {
    add(audio().taking(1), audio().taking(2), audio().taking(6));

    Profile profile = history.profiles().getFirst();

    MeanInterval expected = MeanInterval.of(new double[] {1, 2, 6});
    Estimate mean = profile.meanMillis().orElseThrow();
    assertThat(profile.n()).isEqualTo(3);
    assertThat(mean.mean()).isEqualTo(3);
    assertThat(mean.low95().orElseThrow()).isCloseTo(expected.low95(), within(1e-6));
    assertThat(mean.high95().orElseThrow()).isCloseTo(expected.high95(), within(1e-6));
    assertThat(profile.loadMillis()).hasValue(30);
    assertThat(profile.successRatio()).isEqualTo(1);
    assertThat(profile.peakMemoryBytes()).hasValue(1L << 30);
  }

  @Test
  void failuresAndRejectedResultsNeverTeachSpeed() {
    add(
        audio().taking(10),
        audio().taking(0.001).ending(Outcome.FAILED),
        audio().taking(0.001).doubtedFor(Verdict.Reason.WRONG_OUTPUT),
        audio().taking(0.001).ending(Outcome.WORKER_LOST));

    Profile profile = history.profiles().getFirst();

    assertThat(profile.n()).isEqualTo(1);
    assertThat(profile.meanMillis()).contains(Estimate.of(10));
    assertThat(profile.attempts()).isEqualTo(3);
    assertThat(profile.successRatio()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(history.affinities(Priors.DEFAULTS).getFirst().cells().getFirst().n()).isEqualTo(1);
    assertThat(history.observations(10))
        .extracting(observation -> observation.iterationSeconds().isPresent())
        .containsExactlyInAnyOrder(true, false, false);
  }

  @Test
  void aSoftwareAdapterHasAProfileOfItsOwnAndIsNeverCompared() {
    add(
        audio().on("chromium", Backend.WEBGPU).software().taking(100),
        audio().on("firefox", Backend.WEBGPU).taking(1));

    assertThat(history.profiles()).extracting(Profile::software).containsExactly(false, true);
    assertThat(history.affinities(Priors.DEFAULTS))
        .hasSize(4)
        .allSatisfy(affinity -> assertThat(affinity.best().lead()).isEmpty())
        .allSatisfy(affinity -> assertThat(affinity.cells().getFirst().relativeSpeed()).isEmpty());
  }

  @Test
  void measurementsThatBearAPriorOutAgreeWithIt() {
    add(speeds("firefox", 1.0, 1.1, 0.9, 1.05), speeds("chromium", 2.0, 2.1, 1.9, 2.05));

    Affinity ofFamily = affinity(null);

    assertThat(ofFamily.priors()).hasSize(1);
    Affinity.PriorCheck check = ofFamily.priors().getFirst();
    assertThat(check.kind()).isEqualTo(BrowserKind.FIREFOX);
    assertThat(check.agreement()).isEqualTo(Affinity.Agreement.AGREES);
    assertThat(check.measured().orElseThrow().mean()).isCloseTo(2, within(0.05));
    assertThat(ofFamily.best().place().kind()).isEqualTo(BrowserKind.FIREFOX);
  }

  @Test
  void measurementsThatTurnAPriorRoundDisagreeWithIt() {
    add(speeds("firefox", 2.0, 2.1, 1.9, 2.05), speeds("chromium", 1.0, 1.1, 0.9, 1.05));

    assertThat(affinity("silero-vad").priors().getFirst().agreement())
        .isEqualTo(Affinity.Agreement.DISAGREES);
  }

  @Test
  void overlappingMeasurementsAreUndecided() {
    add(speeds("firefox", 1.0, 2.0, 0.5), speeds("chromium", 1.1, 2.1, 0.6));

    assertThat(affinity(null).priors().getFirst().agreement())
        .isEqualTo(Affinity.Agreement.UNDECIDED);
  }

  @Test
  void chromiumInheritsThePriorOfChrome() {
    add(
        TestingResults.of("mobilenet", ModelFamily.VISION).on("chromium"),
        TestingResults.of("mobilenet", ModelFamily.VISION).on("firefox"));

    assertThat(affinity(null).priors())
        .singleElement()
        .satisfies(check -> {
          assertThat(check.kind()).isEqualTo(BrowserKind.CHROMIUM);
          assertThat(check.advantage()).isEqualTo(1.20);
        });
  }

  @Test
  void aFamilyIsComparedModelByModel() {
    // Firefox ran only the slow model, too: a plain mean would call it slow.
    add(speeds("firefox", 10.0, 10.0), speeds("chromium", 20.0, 20.0));
    add(
        modelSpeeds("wav2vec", "firefox", 1000, 1000),
        modelSpeeds("wav2vec", "chromium", 2000, 2000));
    add(modelSpeeds("kws", "chromium", 0.1, 0.1));

    Affinity family = affinity(null);

    Affinity.Cell chromium = family.cells().get(0);
    Affinity.Cell firefox = family.cells().get(1);
    assertThat(chromium.models()).isEqualTo(3);
    assertThat(firefox.models()).isEqualTo(2);
    assertThat(firefox.relativeSpeed().orElseThrow().mean()).isCloseTo(2, within(1e-9));
    assertThat(chromium.relativeSpeed().orElseThrow().mean()).isCloseTo(0.5, within(1e-9));
    assertThat(family.best().place().kind()).isEqualTo(BrowserKind.FIREFOX);
  }

  @Test
  void oneMeasurementHasNoInterval() {
    add(speeds("firefox", 1.0), speeds("chromium", 2.0));

    Affinity.Cell cell = affinity(null).cells().getFirst();

    assertThat(cell.millis().low95()).isEqualTo(OptionalDouble.empty());
    assertThat(cell.relativeSpeed().orElseThrow().low95()).isEqualTo(OptionalDouble.empty());
    assertThat(affinity(null).priors().getFirst().agreement())
        .isEqualTo(Affinity.Agreement.UNDECIDED);
  }

  @Test
  void theBestIsKnownSinceTheMeasurementThatMadeIt() {
    add(
        audio().on("firefox").taking(2).at(START),
        audio().on("chromium").taking(3).at(START.plusSeconds(1)),
        audio().on("chromium").taking(0.1).at(START.plusSeconds(2)),
        audio().on("chromium").taking(0.1).at(START.plusSeconds(3)));

    Affinity.Best best = affinity(null).best();

    assertThat(best.place().kind()).isEqualTo(BrowserKind.CHROMIUM);
    assertThat(best.since()).isEqualTo(START.plusSeconds(2));
  }

  @Test
  void theNewestObservationsOfEachProfileAreGivenOldestFirst() {
    add(
        audio().taking(1).at(START),
        audio().taking(2).at(START.plusSeconds(1)),
        audio().taking(3).at(START.plusSeconds(2)),
        audio().on("firefox").taking(4).at(START));

    assertThat(history.observations(2))
        .extracting(observation -> observation.iterationSeconds().orElseThrow())
        .containsExactly(0.004, 0.002, 0.003);
    Observation newest = history.observations(1).getLast();
    assertThat(newest.loadSeconds()).hasValue(0.030);
    assertThat(newest.serviceSeconds()).hasValue((5 + 3 + 6 + 1) / 1000.0);
  }

  @Test
  void whatWasMeasuredOverridesAWrongPrior() {
    add(speeds("firefox", 2, 2, 2, 2, 2, 2, 2, 2), speeds("chromium", 1, 1, 1, 1, 1, 1, 1, 1));
    Profiles fresh = new Profiles(Priors.DEFAULTS);
    assertThat(iterationSeconds(fresh, "firefox")).isLessThan(iterationSeconds(fresh, "chromium"));

    history.observations(50).forEach(fresh::learn);

    assertThat(iterationSeconds(fresh, "chromium")).isLessThan(iterationSeconds(fresh, "firefox"));
  }

  private static double iterationSeconds(Profiles profiles, String kind) {
    return profiles
        .iterationSeconds(
            new ProfileKey(
                "silero-vad",
                ModelFamily.AUDIO,
                new BrowserKind(kind),
                "156.0",
                Backend.WASM,
                Hardware.CPU))
        .typical();
  }

  @Test
  void theQuantilesOfTheViewAreThoseOfStudent() throws SQLException {
    for (int degrees : new int[] {1, 2, 5, 12, 13, 20, 50, 1000}) {
      assertThat(number("SELECT t95(%d)".formatted(degrees)))
          .isCloseTo(new TDistribution(degrees).inverseCumulativeProbability(0.975), within(2e-5));
    }
  }

  @Test
  void theViewHasTheColumnsOfTheDocumentedExamples() throws Exception {
    add(audio().taking(1), audio().on("firefox").taking(2));
    List<String> examples =
        Arrays.stream(Files.readString(Path.of("docs/results.md")).split("```"))
            .filter(block -> block.startsWith("sql"))
            .map(block -> block.substring(3))
            .toList();

    assertThat(examples).isNotEmpty();
    try (var connection = database.connection();
        var statement = connection.createStatement()) {
      for (String example : examples) {
        statement.execute(example);
      }
    }
  }

  @Test
  void aViewIsReadBackByAnyToolOfTheFormat() throws SQLException {
    add(audio().job("a", 0), audio().job("it's", 1).ending(Outcome.FAILED));
    Path all = path.resolve("it's all.parquet");
    Path one = path.resolve("one.csv");
    Path profiles = path.resolve("profiles.csv");

    history.copy(View.RESULTS, FileForm.PARQUET, ResultFilter.ALL, all);
    history.copy(View.RESULTS, FileForm.CSV, ResultFilter.ALL.ofJob("it's"), one);
    history.copy(View.PROFILES, FileForm.CSV, ResultFilter.ALL, profiles);

    String quoted = all.toString().replace("'", "''");
    assertThat(number("SELECT count(*) FROM '%s'".formatted(quoted))).isEqualTo(2);
    assertThat(number("SELECT sum(samples[1]) FROM '%s'".formatted(quoted))).isEqualTo(2);
    assertThat(number("SELECT index FROM '%s'".formatted(one))).isEqualTo(1);
    assertThat(number("SELECT attempts FROM '%s'".formatted(profiles))).isEqualTo(2);
  }

  @Test
  void aViewThatCannotBeWrittenIsSaid() throws Exception {
    Path file = Files.createFile(path.resolve("file")).resolve("results.csv");

    assertThatThrownBy(() -> history.copy(View.RESULTS, FileForm.CSV, ResultFilter.ALL, file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("could not be written");
  }

  @Test
  void whichJobsThereWereIsKnown() {
    add(audio().job("b", 0), audio().job("a", 0), audio().job("b", 1));

    assertThat(history.jobs()).containsExactly("a", "b");
    assertThat(history.holds(ResultFilter.ALL.ofJob("a"))).isTrue();
    assertThat(history.holds(ResultFilter.ALL.ofJob("c"))).isFalse();
  }

  @Test
  void coldAndThrottledMeasurementsAreNotCompared() {
    add(
        audio().taking(10),
        audio().taking(1).doubtedFor(Verdict.Reason.COLD),
        audio().taking(1).doubtedFor(Verdict.Reason.THROTTLED));

    assertThat(affinity(null).cells().getFirst().n()).isEqualTo(1);
  }

  private Affinity affinity(@org.jspecify.annotations.Nullable String model) {
    return history.affinities(Priors.DEFAULTS).stream()
        .filter(affinity -> affinity.model().equals(java.util.Optional.ofNullable(model)))
        .findFirst()
        .orElseThrow();
  }

  private static TestingResults[] speeds(String kind, double... millis) {
    return modelSpeeds("silero-vad", kind, millis);
  }

  private static TestingResults[] modelSpeeds(String model, String kind, double... millis) {
    return IntStream.range(0, millis.length)
        .mapToObj(i ->
            TestingResults.of(model, ModelFamily.AUDIO)
                .on(kind)
                .taking(millis[i])
                .at(START.plusSeconds(i)))
        .toArray(TestingResults[]::new);
  }

  private void add(TestingResults[]... results) {
    for (TestingResults[] some : results) {
      journal.append(
          Arrays.stream(some).map(TestingResults::ended).map(Event.class::cast).toList(),
          List.of());
    }
  }

  private void add(TestingResults... results) {
    add(new TestingResults[][] {results});
  }

  private double number(String sql) throws SQLException {
    try (var connection = database.connection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getDouble(1);
    }
  }
}
