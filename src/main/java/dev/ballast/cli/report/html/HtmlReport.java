package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.AtomicFile;
import dev.ballast.cli.report.ReportData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * The report as one page that needs nothing else: no network, no script, styles and pictures
 * inside. Its content security policy forbids all but its own style sheet and inline pictures.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /** Writes the page, whole or not at all. */
  public static void write(ReportData data, Path file) throws IOException {
    AtomicFile.write(file, render(data));
  }

  /** The page. */
  public static String render(ReportData data) {
    ReportView view = ReportView.of(data);
    StringBuilder out = new StringBuilder();
    String css = stylesheet();
    out.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'">
        <meta name="referrer" content="no-referrer">
        <link rel="icon" href="data:,">
        <title>%s – Ballast report</title>
        <style>%s</style>
        </head>
        <body>
        <main>
        """
            .formatted(sha256(css), escape(data.title()), css));
    sections(view, out).forEach(HtmlSection::write);
    out.append(
        """
        <footer>Written by Ballast %s. Times are those of each page's own clock; every sample is in \
        the JSON report and in the database.</footer>
        </main>
        </body>
        </html>
        """
            .formatted(escape(data.version())));
    return out.toString();
  }

  private static List<HtmlSection> sections(ReportView view, StringBuilder out) {
    return List.of(
        new SummarySection(view, out),
        new BestBrowserSection(view, out),
        new ResultsSection(view, out),
        new DistributionSection(view, out),
        new PhaseSection(view, out),
        new VerdictSection(view, out),
        new UnplaceableSection(view, out),
        new FailureSection(view, out),
        new EnvironmentSection(view, out));
  }

  private static String stylesheet() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(Objects.requireNonNull(css).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
