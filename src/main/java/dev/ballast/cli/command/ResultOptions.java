package dev.ballast.cli.command;

import dev.ballast.store.ResultFilter;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which results a command is about, and who is asked for them. */
public final class ResultOptions {
  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only results started since, for example 2026-01-31 or 2026-01-31T12:00:00Z.")
  @Nullable
  public String since;

  @Option(
      names = "--job",
      paramLabel = "JOB",
      description = "Only results of this job (name or uid).")
  @Nullable
  public String job;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Ask this server (default: the one that has the data directory open).")
  @Nullable
  public URI server;

  /** Throws {@link CommandException} for a time that is none. */
  public ResultFilter filter() {
    ResultFilter filter = ResultFilter.ALL;
    if (since != null) {
      filter = filter.since(instant(since));
    }
    return job == null ? filter : filter.ofJob(job);
  }

  private static Instant instant(String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw CommandException.usage(
          "--since %s: is not a time. Maybe 2026-01-31 or 2026-01-31T12:00:00Z?".formatted(text));
    }
  }
}
