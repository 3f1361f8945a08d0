package dev.ballast.worker.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The arguments that make a Chromium quiet, unthrottled, and willing to compute. */
final class ChromiumArguments {
  private static final List<String> QUIET =
      List.of(
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-quic");

  private static final List<String> UNTHROTTLED =
      List.of(
          "--disable-background-timer-throttling",
          "--disable-backgrounding-occluded-windows",
          "--disable-renderer-backgrounding");

  private static final List<String> COMPUTING = List.of("--enable-unsafe-webgpu");

  // Kubernetes gives a container 64 MB there, and a page that wants more dies.
  private static final long ENOUGH_SHARED_MEMORY_BYTES = 512L << 20;

  private ChromiumArguments() {}

  /** The defaults of any Chromium, then the user's. */
  static List<String> of(LaunchOptions options) {
    var arguments = new ArrayList<String>();
    if (options.headless()) {
      arguments.add("--headless");
    }
    arguments.addAll(QUIET);
    arguments.addAll(UNTHROTTLED);
    arguments.addAll(COMPUTING);
    arguments.addAll(options.arguments());
    return List.copyOf(arguments);
  }

  /** As {@link #of}, with what this machine needs. */
  static List<String> onThisMachine(LaunchOptions options) {
    var arguments = new ArrayList<>(of(options));
    if ("root".equals(System.getProperty("user.name"))) {
      arguments.add("--no-sandbox"); // Its sandbox refuses to run as root.
    }
    if (sharedMemoryIsScarce()) {
      arguments.add("--disable-dev-shm-usage");
    }
    return List.copyOf(arguments);
  }

  private static boolean sharedMemoryIsScarce() {
    Path shared = Path.of("/dev/shm");
    try {
      return Files.isDirectory(shared)
          && Files.getFileStore(shared).getTotalSpace() < ENOUGH_SHARED_MEMORY_BYTES;
    } catch (IOException e) {
      return true;
    }
  }
}
