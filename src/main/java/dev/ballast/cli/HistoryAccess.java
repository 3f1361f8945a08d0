package dev.ballast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.store.BallastJson;
import dev.ballast.store.DataDirectory;
import dev.ballast.store.DataDirectoryException;
import dev.ballast.store.History;
import dev.ballast.store.Store;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The history of a data directory: asked of the server that has it open, else read from the file.
 */
final class HistoryAccess {
  private final Path data;

  HistoryAccess(Path data) {
    this.data = data;
  }

  /**
   * What {@code path} answers at the server that has the directory, or what {@code look} finds in
   * the file.
   */
  JsonNode ask(String path, Function<History, Object> look) {
    Optional<URI> server = server();
    return server.isPresent()
        ? new ServerClient(server.get()).get(path)
        : BallastJson.mapper().valueToTree(inFile(look));
  }

  /**
   * What {@code look} finds in the file; throws {@link CommandException} when a process has it
   * open.
   */
  <T> T inFile(Function<History, T> look) {
    if (!Files.exists(data.resolve("ballast.duckdb"))) {
      throw CommandException.environment(
          "%s holds no results yet. Run some with: bin/ballast quickstart".formatted(data));
    }
    try (DataDirectory directory = DataDirectory.open(data);
        Store store = Store.open(directory)) {
      return look.apply(store.history());
    } catch (DataDirectoryException e) {
      throw CommandException.environment(String.valueOf(e.getMessage()));
    }
  }

  /** The server that has the directory open, if one says where it is. */
  Optional<URI> server() {
    return DataDirectory.owner(data).flatMap(DataDirectory.Owner::server);
  }
}
