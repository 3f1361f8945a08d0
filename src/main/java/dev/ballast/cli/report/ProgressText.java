package dev.ballast.cli.report;

import dev.ballast.cli.report.ProgressFrame.BrowserLine;
import dev.ballast.cli.report.ProgressFrame.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a frame of progress: lines for a terminal, or one line for a log. */
public final class ProgressText {
  private static final int BAR = 20;

  private ProgressText() {}

  /** A bar with figures, then a line for each browser; none wider than {@code width}. */
  public static List<String> lines(ProgressFrame frame, int width, Style style) {
    List<String> lines = new ArrayList<>();
    int filled =
        frame.total() <= 0 ? 0 : Math.clamp((long) BAR * frame.done() / frame.total(), 0, BAR);
    String figures = "  " + figures(frame);
    if (width < BAR + 30) {
      lines.add(Text.fit(figures.strip(), width));
    } else {
      lines.add(
          style.good("━".repeat(filled))
              + style.dim("─".repeat(BAR - filled))
              + Text.fit(figures, width - BAR));
    }
    int names =
        Math.min(24, frame.browsers().stream().mapToInt(b -> Text.width(b.name())).max().orElse(0));
    for (BrowserLine browser : frame.browsers()) {
      lines.add(line(browser, names, width, style));
    }
    return lines;
  }

  private static String line(BrowserLine browser, int names, int width, Style style) {
    String head = "  " + Text.left(Text.clean(browser.name()), names);
    String done = Text.right(browser.done() + " done", 11);
    String start = Text.left(browser.start().label(), 4);
    String doing = Text.clean(browser.doing().orElse("idle"));
    int room = width - Text.width(head) - Text.width(done) - 4 - 4;
    if (room < 8) {
      return Text.fit(head + "  " + doing, width);
    }
    String marked = browser.start() == Start.COLD ? style.warning(start) : style.good(start);
    String fitted = Text.fit(doing, room);
    return head
        + done
        + "  "
        + marked
        + "  "
        + (browser.doing().isPresent() ? fitted : style.dim(fitted));
  }

  /** The frame as one line, for a log. */
  public static String line(ProgressFrame frame) {
    long busy = frame.browsers().stream().filter(browser -> browser.doing().isPresent()).count();
    return "%s; %d of %s busy"
        .formatted(figures(frame), busy, AffinityText.count(frame.browsers().size(), "browser"));
  }

  private static String figures(ProgressFrame frame) {
    StringBuilder text = new StringBuilder();
    text.append("%d/%s".formatted(frame.done(), AffinityText.count(frame.total(), "task")));
    if (frame.failed() > 0) {
      text.append(", %d failed".formatted(frame.failed()));
    }
    if (frame.unplaceable() > 0) {
      text.append(", %d unplaceable".formatted(frame.unplaceable()));
    }
    frame
        .tasksPerSecond()
        .ifPresent(rate -> text.append(String.format(Locale.ROOT, ", %s/s", Units.digits(rate))));
    text.append(", ").append(Units.duration(frame.elapsed()));
    if (frame.done() < frame.total()) {
      frame
          .remaining()
          .ifPresent(left -> text.append(", about %s left".formatted(Units.duration(left))));
    }
    return text.toString();
  }
}
