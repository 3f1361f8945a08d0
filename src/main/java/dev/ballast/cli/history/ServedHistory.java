package dev.ballast.cli.history;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.ServerClient;
import dev.ballast.model.AttemptResult;
import dev.ballast.store.BallastJson;
import dev.ballast.store.FileForm;
import dev.ballast.store.Profile;
import dev.ballast.store.ResultFilter;
import dev.ballast.store.ResultsJson;
import dev.ballast.store.View;
import dev.ballast.store.affinity.Affinity;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The history of a controller that runs. */
public final class ServedHistory implements HistorySource {
  private static final TypeReference<List<Affinity>> AFFINITIES = new TypeReference<>() {};
  private static final TypeReference<List<Profile>> PROFILES = new TypeReference<>() {};

  private final ServerClient server;

  public ServedHistory(URI server) {
    this.server = new ServerClient(server);
  }

  @Override
  public List<Affinity> affinities() {
    return BallastJson.mapper().convertValue(server.get("/api/v1/affinities"), AFFINITIES);
  }

  @Override
  public List<Profile> profiles() {
    return BallastJson.mapper().convertValue(server.get("/api/v1/profiles"), PROFILES);
  }

  @Override
  public void results(ResultFilter filter, Consumer<AttemptResult> reader) {
    server.lines(
        path(View.RESULTS, filter),
        "application/x-ndjson",
        line -> {
          try {
            reader.accept(ResultsJson.read(line));
          } catch (IOException e) {
            throw CommandException.environment(
                "the server answered what is no result: " + e.getMessage());
          }
        });
  }

  @Override
  public void copy(View view, FileForm form, ResultFilter filter, Path file) throws IOException {
    server.download(path(view, filter), form.mediaType(), file);
  }

  @Override
  public void backup(Path file) throws IOException {
    server.download("/api/v1/backup", "application/octet-stream", file);
  }

  private static String path(View view, ResultFilter filter) {
    if (view == View.PROFILES) {
      return "/api/v1/profiles";
    }
    List<String> query = new ArrayList<>();
    filter.job().ifPresent(job -> query.add("job=" + encoded(job)));
    filter.since().ifPresent(since -> query.add("since=" + encoded(since.toString())));
    String results =
        filter
            .namespace()
            .map(namespace -> "/api/v1/namespaces/%s/results".formatted(encoded(namespace)))
            .orElse("/api/v1/results");
    return results + (query.isEmpty() ? "" : "?" + String.join("&", query));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    // Every request had its own connection.
  }
}
