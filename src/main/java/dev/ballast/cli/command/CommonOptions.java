package dev.ballast.cli.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that every command has. */
public final class CommonOptions {
  /** Form of what goes to stdout. */
  public enum Output {
    TABLE,
    JSON,
    /** Of {@code history} only. */
    CSV
  }

  /** Reads one, or says which there are. */
  static final class OutputReader implements ITypeConverter<Output> {
    @Override
    public Output convert(String text) {
      return switch (text) {
        case "table" -> Output.TABLE;
        case "json" -> Output.JSON;
        case "csv" -> Output.CSV;
        default ->
            throw new TypeConversionException(
                "\"%s\" is not a form. Known: table, json".formatted(text));
      };
    }
  }

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where results and history are kept (default:"
              + " $${XDG_DATA_HOME:-~/.local/share}/ballast).")
  @Nullable Path data;

  @Option(
      names = "--output",
      paramLabel = "table|json",
      converter = OutputReader.class,
      description = "Form of the output (default: table).")
  public Output output = Output.TABLE;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Print the version.")
  boolean version;

  @Option(names = "--no-progress", description = "No progress on stderr.")
  public boolean noProgress;

  /** Table or JSON; throws {@link CommandException} for CSV. */
  public Output output() {
    if (output == Output.CSV) {
      throw CommandException.usage(
          "--output csv: only history writes CSV. Known here: table, json");
    }
    return output;
  }

  /** The data directory, whether it exists or not. */
  public Path dataDirectory() {
    Path given = data;
    if (given != null) {
      return given.toAbsolutePath();
    }
    String home = System.getenv("XDG_DATA_HOME");
    Path base =
        home == null || home.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "share")
            : Path.of(home);
    return base.resolve("ballast").toAbsolutePath();
  }
}
