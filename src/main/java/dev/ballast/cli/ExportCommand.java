package dev.ballast.cli;

import dev.ballast.store.ResultFilter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Results for other tools. */
@Command(name = "export", description = "Results and profiles as Parquet and CSV.")
final class ExportCommand implements Callable<Integer> {
  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "DIR", description = "Folder to write to; made when it is not there.")
  Path directory = Path.of("");

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only results started since, for example 2026-01-31 or 2026-01-31T12:00:00Z.")
  @Nullable String since;

  @Option(
      names = "--job",
      paramLabel = "JOB",
      description = "Only results of this job (name or uid).")
  @Nullable String job;

  @Override
  public Integer call() {
    ResultFilter filter = ResultFilter.ALL;
    if (since != null) {
      filter = filter.since(instant(since));
    }
    if (job != null) {
      filter = filter.ofJob(job);
    }
    ResultFilter chosen = filter;
    List<Path> written =
        new HistoryAccess(common.dataDirectory())
            .inFile(history -> history.export(directory.toAbsolutePath(), chosen));
    written.forEach(System.out::println);
    return Exit.OK;
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
