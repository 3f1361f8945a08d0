package dev.ballast.cli.simulation;

import static dev.ballast.cli.report.Html.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * A page that needs nothing else: no network, no script. Its content security policy forbids all
 * but its own style sheet.
 */
final class Page {
  private Page() {}

  static String of(String title, String about, String sections) {
    String css = css();
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'">
    <link rel="icon" href="data:,">
    <title>%s – Ballast simulation</title>
    <style>%s</style>
    </head>
    <body><main>
    <header class="top"><p class="brand">Ballast · simulated, not measured</p><h1>%s</h1>
    <p class="meta">%s</p></header>
    %s</main></body>
    </html>
    """
        .formatted(sha256(css), escape(title), css, escape(title), escape(about), sections);
  }

  private static String css() {
    return resource("/dev/ballast/cli/report/html/report.css") + resource("simulation.css");
  }

  private static String resource(String name) {
    try (InputStream css = Page.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(css, name).readAllBytes(), StandardCharsets.UTF_8);
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
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
