package dev.ballast.cli.history;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Priors;
import dev.ballast.cli.command.CommandException;
import dev.ballast.model.AttemptResult;
import dev.ballast.operator.validation.Suggestions;
import dev.ballast.store.DataDirectory;
import dev.ballast.store.DataDirectoryException;
import dev.ballast.store.FileForm;
import dev.ballast.store.History;
import dev.ballast.store.Profile;
import dev.ballast.store.ResultFilter;
import dev.ballast.store.Store;
import dev.ballast.store.View;
import dev.ballast.store.affinity.Affinity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The history in the file of a data directory that no other process has open. */
final class FileHistory implements HistorySource {
  private final DataDirectory directory;
  private final Store store;

  private FileHistory(DataDirectory directory, Store store) {
    this.directory = directory;
    this.store = store;
  }

  static FileHistory open(Path data) {
    if (!Files.exists(data.resolve("ballast.duckdb"))) {
      throw CommandException.environment(
          "%s holds no results yet. Run some with: bin/ballast quickstart".formatted(data));
    }
    DataDirectory directory = null;
    try {
      directory = DataDirectory.open(data);
      return new FileHistory(directory, Store.open(directory));
    } catch (DataDirectoryException e) {
      if (directory != null) {
        directory.close();
      }
      throw CommandException.environment(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<Affinity> affinities() {
    return history().affinities(Priors.DEFAULTS);
  }

  @Override
  public List<Profile> profiles() {
    return history().profiles();
  }

  @Override
  public void results(ResultFilter filter, Consumer<AttemptResult> reader) {
    known(filter);
    history().results(filter, reader);
  }

  @Override
  public void copy(View view, FileForm form, ResultFilter filter, Path file) {
    known(filter);
    history().copy(view, form, filter, file);
  }

  @Override
  public void backup(Path file) {
    history().backup(file);
  }

  /** Why the last attempt of a task was placed where it was, if that is still kept. */
  Optional<Decision.Placed> decision(String uid, int index) {
    return history().decision(uid, index);
  }

  /** A job that was never run is a mistake; one without results since some time is not. */
  private void known(ResultFilter filter) {
    filter
        .job()
        .filter(job -> !history().holds(ResultFilter.ALL.ofJob(job)))
        .ifPresent(job -> {
          throw CommandException.usage(
              "no result of a job \"%s\" is in the history. %s"
                  .formatted(job, Suggestions.advice(job, history().jobs()))
                  .strip());
        });
  }

  private History history() {
    return store.history();
  }

  @Override
  public void close() {
    store.close();
    directory.close();
  }
}
