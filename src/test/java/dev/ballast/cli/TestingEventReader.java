package dev.ballast.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads server-sent events line by line, as a browser would. */
record TestingEventReader(HttpClient client, InputStream body, BufferedReader lines)
    implements AutoCloseable {

  static TestingEventReader open(int port, String lastEventId) throws Exception {
    return open(port, "/api/v1/events", lastEventId);
  }

  static TestingEventReader open(int port, String path, String lastEventId) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    InputStream body =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()).body();
    return new TestingEventReader(
        client, body, new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)));
  }

  /** The lines up to the end of the first event of that name. */
  List<String> until(String name) throws IOException {
    List<String> read = new ArrayList<>();
    boolean found = false;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      read.add(line.replaceFirst("^(event|id):\\s*", "$1:"));
      found |= read.getLast().equals("event:" + name);
      if (found && line.isEmpty()) {
        return read;
      }
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    body.close();
    client.shutdownNow();
  }
}
