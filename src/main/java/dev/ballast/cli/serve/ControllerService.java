package dev.ballast.cli.serve;

import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.ManifestJobReader;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.desk.EvidenceFolder;
import dev.ballast.server.events.EventFeed;
import dev.ballast.server.events.EventLog;
import dev.ballast.server.jobs.JournalJobs;
import dev.ballast.server.metrics.EventMetrics;
import dev.ballast.server.metrics.MeteredDecisions;
import dev.ballast.server.metrics.MeteredJournal;
import dev.ballast.server.outlook.Retrospect;
import dev.ballast.server.outlook.Watch;
import dev.ballast.store.DataDirectory;
import dev.ballast.store.DataDirectoryException;
import dev.ballast.store.Retention;
import dev.ballast.store.Store;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;

/** A controller in this process: its data directory, its journal, and dispatch on top of them. */
public final class ControllerService implements AutoCloseable {
  /**
   * So many attempts of each model, browser and backend are taught to fresh profiles; more would
   * only be forgotten, because profiles weigh what is recent.
   */
  private static final int REMEMBERED_OF_EACH = 50;

  /** The service's own registry joins this one when it is up. */
  private static final MeterRegistry METERS = Metrics.globalRegistry;

  private final DataDirectory directory;
  private final Store store;
  private final Profiles profiles;
  private final DispatchLoop dispatch;
  private final EventFeed events;
  private final Outlook outlook = new Outlook();
  private final Retrospect retrospect = new Retrospect();
  private final Watch watch;

  private ControllerService(
      DataDirectory directory, Store store, Profiles profiles, DispatchLoop dispatch) {
    this.directory = directory;
    this.store = store;
    this.profiles = profiles;
    this.dispatch = dispatch;
    this.events = new EventFeed(Long.toString(System.currentTimeMillis(), Character.MAX_RADIX));
    if (dispatch.notReady().isEmpty()) {
      dispatch.jobs().forEach(job -> events.know(job.uid(), job.spec()));
    }
    var _ = dispatch.listen(events);
    var _ = dispatch.listen(new EventLog(events));
    var _ = dispatch.listen(new EventMetrics(METERS));
    this.watch = new Watch(dispatch, outlook, retrospect);
  }

  /**
   * Opens the data directory and reads the journal; throws {@link CommandException} when another
   * process has it, or it can't be written.
   */
  public static ControllerService open(Path data, DispatchSettings settings, long seed) {
    return open(data, settings, seed, 0);
  }

  /** {@code reign}: at least this, so that it is later than that of every earlier leader. */
  public static ControllerService open(
      Path data, DispatchSettings settings, long seed, long reign) {
    DataDirectory directory = null;
    try {
      directory = DataDirectory.open(data);
      Store store = Store.open(directory);
      store.journal().reignFrom(reign);
      Profiles profiles = new Profiles(Priors.DEFAULTS);
      store.history().observations(REMEMBERED_OF_EACH).forEach(profiles::learn);
      DispatchLoop.Ports ports =
          new DispatchLoop.Ports(
              InstantSource.system(),
              new Random(seed),
              () -> UUID.randomUUID().toString(),
              new MeteredDecisions("browser-aware", METERS));
      DispatchLoop dispatch =
          new DispatchLoop(new MeteredJournal(store.journal(), METERS), profiles, settings, ports);
      return new ControllerService(directory, store, profiles, dispatch);
    } catch (DataDirectoryException e) {
      if (directory != null) {
        directory.close();
      }
      throw CommandException.environment(String.valueOf(e.getMessage()));
    }
  }

  /** Drops, from now on, what of the history is older or more than that. */
  ControllerService retaining(Retention retention) {
    store.retain(retention, InstantSource.system());
    return this;
  }

  public DispatchLoop dispatch() {
    return dispatch;
  }

  public Store store() {
    return store;
  }

  public DataDirectory directory() {
    return directory;
  }

  /** Where forecasts and scaling are told to. */
  public Outlook outlook() {
    return outlook;
  }

  public EvidenceFolder evidence() {
    return new EvidenceFolder(directory.evidence());
  }

  /** What the HTTP face talks to. */
  public Desk.Open desk() {
    return new Desk.Open(
        dispatch,
        profiles,
        store.history(),
        events,
        evidence(),
        new ManifestJobReader(),
        new JournalJobs(dispatch),
        outlook,
        retrospect,
        directory.path());
  }

  @Override
  public void close() {
    watch.close();
    dispatch.close();
    store.close();
    directory.close();
  }
}
