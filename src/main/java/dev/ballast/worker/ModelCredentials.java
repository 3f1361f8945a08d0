package dev.ballast.worker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is shown to the servers of models: a folder, as a mounted Secret is one, with a file for
 * each host that holds the value of {@code Authorization}. It is read each time, so that a changed
 * Secret counts at once, and it is shown to no other host, over https only.
 *
 * @param folder empty: nothing is shown to anybody
 */
record ModelCredentials(Optional<Path> folder) {
  /** A key of a Secret, without those that lead elsewhere. */
  private static final Pattern HOST = Pattern.compile("[a-z0-9][a-z0-9._-]*");

  /** The value of {@code Authorization} for that address, if there is one. */
  Optional<String> authorization(URI asked) throws IOException {
    String host = asked.getHost();
    if (folder.isEmpty()
        || host == null
        || !"https".equals(asked.getScheme())
        || !HOST.matcher(host).matches()) {
      return Optional.empty();
    }
    Path file = folder.get().resolve(host);
    return Files.isRegularFile(file)
        ? Optional.of(Files.readString(file).strip())
        : Optional.empty();
  }
}
