package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;

class FirefoxBrowserTest extends BrowserContract {
  @Override
  BrowserKind kind() {
    return BrowserKind.FIREFOX;
  }

  @Override
  boolean runsPages(String commandLine) {
    return commandLine.contains("-contentproc") && commandLine.endsWith(" tab");
  }

  @Override
  boolean isMain(String commandLine) {
    return commandLine.contains("--profile") && !commandLine.contains("-contentproc");
  }
}
