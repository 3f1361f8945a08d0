package dev.ballast.cli.history;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.ResultOptions;
import dev.ballast.store.FileForm;
import dev.ballast.store.ResultFilter;
import dev.ballast.store.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Results for other tools. */
@Command(
    name = "export",
    description = "Results and profiles as Parquet and CSV, or a backup of everything.")
public final class ExportCommand implements Callable<Integer> {
  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ResultOptions results = new ResultOptions();

  @Option(
      names = "--backup",
      description = "Instead: journal and history as they are now, as DIR/ballast.duckdb.")
  boolean backup;

  @Parameters(paramLabel = "DIR", description = "Folder to write to; made when it is not there.")
  Path directory = Path.of("");

  @Override
  public Integer call() {
    common.output();
    ResultFilter filter = results.filter();
    Path folder = directory.toAbsolutePath();
    try (HistorySource history = HistorySource.of(common.dataDirectory(), results.server)) {
      Files.createDirectories(folder);
      if (backup) {
        Path file = folder.resolve("ballast.duckdb");
        if (Files.exists(file)) {
          throw CommandException.usage(
              "%s is there already. Choose another folder".formatted(file));
        }
        history.backup(file);
        System.out.println(file);
        return Exit.OK;
      }
      for (View view : View.values()) {
        for (FileForm form : FileForm.values()) {
          Path file = folder.resolve(view.label() + "." + form.label());
          history.copy(view, form, filter, file);
          System.out.println(file);
        }
      }
    } catch (IOException e) {
      throw CommandException.environment(
          "%s cannot be written (%s). Choose another folder"
              .formatted(folder, e.getClass().getSimpleName().replace("Exception", "")));
    }
    return Exit.OK;
  }
}
