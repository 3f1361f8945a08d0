package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.server.door.JoinTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a token by which a worker outside joins one pool. */
@Command(
    name = "join-token",
    description =
        "Makes a token by which workers outside the cluster join one pool until it expires. The"
            + " token goes to stdout, once; only its hash is kept.")
public final class JoinTokenCommand implements Callable<Integer> {
  /** In the data directory. */
  static final String FILE = "join-tokens";

  private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,3})([mhd])");
  private static final Pattern POOL = Pattern.compile("[^\\s@]{1,253}");

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      required = true,
      description = "The pool to join; in a cluster NAMESPACE/NAME.")
  String pool = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "How long it holds: 30m, 12h, 90d (default: ${DEFAULT-VALUE}).")
  String span = "30d";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Where its hash is added (default: " + FILE + " in the data directory).")
  @Nullable Path file;

  @Override
  public Integer call() {
    if (!POOL.matcher(pool).matches()) {
      throw CommandException.usage("--pool \"%s\": is no name of a pool".formatted(pool));
    }
    Path data = common.dataDirectory();
    Path kept = file == null ? data.resolve(FILE) : file;
    Instant expiry = Instant.now().plus(span()).truncatedTo(ChronoUnit.SECONDS);
    try {
      if (file == null) {
        Files.createDirectories(data);
      }
      System.out.println(new JoinTokens(kept, InstantSource.system()).make(pool, expiry));
    } catch (IOException e) {
      throw CommandException.environment(
          "%s cannot be written: %s".formatted(kept, e.getMessage()));
    }
    System.err.printf(
        "Holds for pool %s until %s; its hash is in %s. Delete its line there to take it back.%n",
        pool, expiry, kept);
    return Exit.OK;
  }

  private Duration span() {
    Matcher given = SPAN.matcher(span);
    if (!given.matches()) {
      throw CommandException.usage("--for %s: is no time. Maybe 30m, 12h or 90d?".formatted(span));
    }
    long number = Long.parseLong(given.group(1));
    return switch (given.group(2)) {
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
