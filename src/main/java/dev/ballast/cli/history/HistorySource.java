package dev.ballast.cli.history;

import dev.ballast.cli.command.CommandException;
import dev.ballast.model.AttemptResult;
import dev.ballast.store.DataDirectory;
import dev.ballast.store.FileForm;
import dev.ballast.store.Profile;
import dev.ballast.store.ResultFilter;
import dev.ballast.store.View;
import dev.ballast.store.affinity.Affinity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was measured: asked of the server that has a data directory open, else read from its file.
 * All methods throw {@link CommandException} when it cannot be had.
 */
interface HistorySource extends AutoCloseable {

  /** Of that server; else of the directory, whoever has it. */
  static HistorySource of(Path data, @Nullable URI server) {
    Optional<URI> running = Optional.ofNullable(server).or(() -> server(data));
    return running.isPresent() ? new ServedHistory(running.get()) : FileHistory.open(data);
  }

  /** The server that has the directory open, if one says where it is. */
  static Optional<URI> server(Path data) {
    return DataDirectory.owner(data).flatMap(DataDirectory.Owner::server);
  }

  List<Affinity> affinities();

  List<Profile> profiles();

  void results(ResultFilter filter, Consumer<AttemptResult> reader);

  /** Writes a view to a file; throws {@link IOException} when that cannot be written. */
  void copy(View view, FileForm form, ResultFilter filter, Path file) throws IOException;

  /** Writes journal and history to a database file that is not there yet. */
  void backup(Path file) throws IOException;

  @Override
  void close();
}
