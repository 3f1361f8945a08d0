package dev.ballast.worker.browser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The processes of a browser that this JVM started, told apart by what Linux says of them. */
public enum BrowserProcesses {
  CHROMIUM("chrom") {
    @Override
    public boolean isMain(String line) {
      return line.contains("--user-data-dir=") && !line.contains("--type=");
    }

    @Override
    public boolean runsPages(String line) {
      return line.contains("--type=renderer");
    }

    @Override
    String workerThread() {
      return "DedicatedWorker";
    }
  },
  FIREFOX("firefox") {
    @Override
    public boolean isMain(String line) {
      return line.contains("--profile") && !line.contains("-contentproc");
    }

    @Override
    public boolean runsPages(String line) {
      return line.contains("-contentproc") && line.endsWith(" tab");
    }

    @Override
    String workerThread() {
      return "DOM Worker";
    }
  };

  /** Makes the page's process recognisable: it has a worker, and its thread has a name. */
  public static final String MARK =
      "const marked = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));"
          + " await new Promise(resolve => marked.onmessage = resolve);";

  private final String executable;

  BrowserProcesses(String executable) {
    this.executable = executable;
  }

  public static BrowserProcesses of(String kind) {
    return kind.equals("firefox") ? FIREFOX : CHROMIUM;
  }

  public abstract boolean isMain(String commandLine);

  public abstract boolean runsPages(String commandLine);

  abstract String workerThread();

  /** The one that owns all others of the browser. */
  public List<ProcessHandle> main() {
    return all(this::isMain);
  }

  /** The one of the page that ran {@link #MARK}. */
  public List<ProcessHandle> marked() {
    return all(this::runsPages).stream().filter(this::isMarked).toList();
  }

  /** Whether it runs a page that ran {@link #MARK}. */
  boolean isMarked(ProcessHandle process) {
    return threads(process.pid()).stream().anyMatch(name -> name.startsWith(workerThread()));
  }

  public List<ProcessHandle> all(Predicate<String> commandLine) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> {
          String line = commandLine(process.pid());
          return line.contains(executable) && commandLine.test(line);
        })
        .toList();
  }

  private static List<String> threads(long pid) {
    List<String> names = new ArrayList<>();
    try (var tasks = Files.newDirectoryStream(Path.of("/proc/%d/task".formatted(pid)))) {
      tasks.forEach(task -> names.add(read(task.resolve("comm"))));
    } catch (IOException e) {
      return List.of(); // it has gone meanwhile
    }
    return names;
  }

  private static String commandLine(long pid) {
    return read(Path.of("/proc/%d/cmdline".formatted(pid))).replace('\0', ' ').strip();
  }

  /** Empty when the process has gone meanwhile. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
