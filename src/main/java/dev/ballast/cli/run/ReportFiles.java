package dev.ballast.cli.run;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.report.JUnitReport;
import dev.ballast.cli.report.JsonReport;
import dev.ballast.cli.report.ReportData;
import dev.ballast.cli.report.html.HtmlReport;
import dev.ballast.store.ResultsJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The reports that were asked for with {@code --report FORM=FILE}. */
record ReportFiles(List<Wanted> wanted) {
  /** One report. */
  record Wanted(Form form, Path file) {}

  /** Form of a report. */
  enum Form {
    HTML("HTML"),
    JUNIT("JUnit"),
    JSON("JSON");

    private final String label;

    Form(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** Reads the options; throws {@link CommandException} for one that can't be written. */
  static ReportFiles parse(List<String> options) {
    List<Wanted> wanted = new ArrayList<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      Form form = form(equals < 0 ? option : option.substring(0, equals), option);
      if (equals < 0 || equals == option.length() - 1) {
        throw CommandException.usage(
            "--report %s: names no file. Maybe --report %s=report.%s?"
                .formatted(option, option, option));
      }
      Path file = Path.of(option.substring(equals + 1)).toAbsolutePath();
      checkWritable(option, file);
      wanted.add(new Wanted(form, file));
    }
    return new ReportFiles(wanted);
  }

  /** A report that cannot be written should be known before the work, not after it. */
  private static void checkWritable(String option, Path file) {
    if (Files.isDirectory(file)) {
      throw CommandException.usage(
          "--report %s: %s is a directory. Name a file in it".formatted(option, file));
    }
    Path folder = file.getParent();
    try {
      if (folder != null && Files.isWritable(Files.createDirectories(folder))) {
        return;
      }
    } catch (IOException e) {
      // said below
    }
    throw CommandException.environment(
        "--report %s: %s cannot be written. Choose another folder".formatted(option, folder));
  }

  private static Form form(String name, String option) {
    for (Form form : Form.values()) {
      if (form.name().toLowerCase(Locale.ROOT).equals(name)) {
        return form;
      }
    }
    throw CommandException.usage(
        "--report %s: \"%s\" is not a form of report. Known: html, junit, json"
            .formatted(option, name));
  }

  /** All that a run leaves behind: where its results are, and the reports. */
  List<ReportData.WrittenFile> files(String results) {
    List<ReportData.WrittenFile> files = new ArrayList<>();
    files.add(new ReportData.WrittenFile("results", results));
    wanted.forEach(report ->
        files.add(
            new ReportData.WrittenFile(
                report.form().label() + " report", report.file().toString())));
    return files;
  }

  void write(ReportData data) {
    for (Wanted report : wanted) {
      try {
        switch (report.form()) {
          case HTML -> HtmlReport.write(data, report.file());
          case JUNIT -> JUnitReport.write(data, report.file());
          case JSON -> JsonReport.write(data.attempts(), ResultsJson::write, report.file());
        }
      } catch (IOException e) {
        throw CommandException.environment(
            "the report %s could not be written: %s".formatted(report.file(), e));
      }
    }
  }
}
