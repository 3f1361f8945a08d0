package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.UnplaceableGroup;

/** What no browser here could run. */
final class UnplaceableSection extends HtmlSection {
  UnplaceableSection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    if (view.data().unplaceable().isEmpty()) {
      return;
    }
    section(
        "unplaceable",
        "Unplaceable",
        "No browser here can run these now. They are not failures: they wait for one that can.");
    out.append("<dl>");
    UnplaceableGroup.of(view.data().unplaceable())
        .forEach(group ->
            out.append(
                "<dt>%s</dt><dd><code>%s</code> %s</dd>"
                    .formatted(
                        escape(group.label(" · ")),
                        escape(group.code()),
                        escape(group.message()))));
    out.append("</dl></section>\n");
  }
}
