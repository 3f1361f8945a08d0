package dev.ballast.cli.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Shows progress on a stream until it is closed: redrawn in place on a terminal, else a line every
 * few seconds. What other threads log meanwhile goes through {@link #println}, above the picture.
 */
public final class ProgressDisplay implements AutoCloseable {
  private static final Duration REDRAW = Duration.ofMillis(200);
  private static final Duration LINE = Duration.ofSeconds(5);

  private final PrintStream out;
  private final boolean terminal;
  private final int width;
  private final Style style;
  private final Supplier<ProgressFrame> frames;
  private final Thread thread;
  private int drawn;

  private ProgressDisplay(
      PrintStream out, boolean terminal, int width, Style style, Supplier<ProgressFrame> frames) {
    this.out = out;
    this.terminal = terminal;
    this.width = width;
    this.style = style;
    this.frames = frames;
    this.thread = Thread.ofVirtual().name("progress").unstarted(this::run);
  }

  /**
   * Starts to show.
   *
   * @param terminal whether the stream is one; it is then redrawn in place
   * @param width of the terminal, in columns
   */
  public static ProgressDisplay start(
      PrintStream out, boolean terminal, int width, Style style, Supplier<ProgressFrame> frames) {
    ProgressDisplay display = new ProgressDisplay(out, terminal, width, style, frames);
    display.thread.start();
    return display;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(terminal ? REDRAW : LINE);
        show();
      }
    } catch (InterruptedException closed) {
      // The last picture is drawn by close().
    }
  }

  private synchronized void show() {
    ProgressFrame frame = frames.get();
    if (!terminal) {
      out.println(ProgressText.line(frame));
      out.flush();
      return;
    }
    // One column is left free: a terminal that wraps there would break the counting of lines.
    List<String> lines = ProgressText.lines(frame, Math.max(20, width - 1), style);
    StringBuilder text = new StringBuilder(erase());
    lines.forEach(line -> text.append(line).append('\n'));
    out.print(text);
    out.flush();
    drawn = lines.size();
  }

  /** Up over what was drawn, and away with it. */
  private String erase() {
    return drawn == 0 ? "" : "\u001b[" + drawn + "A\u001b[J";
  }

  /** Writes a line above the picture. */
  public synchronized void println(String line) {
    if (terminal) {
      out.print(erase());
      drawn = 0;
    }
    out.println(line);
    out.flush();
  }

  /** Draws the last frame, as a line, and stops. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (terminal) {
        out.print(erase());
        drawn = 0;
      }
      out.println(ProgressText.line(frames.get()));
      out.flush();
    }
  }
}
