package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;

class ChromiumBrowserTest extends BrowserContract {
  @Override
  BrowserKind kind() {
    return BrowserKind.CHROMIUM;
  }

  @Override
  boolean runsPages(String commandLine) {
    return commandLine.contains("--type=renderer");
  }

  @Override
  boolean isMain(String commandLine) {
    return commandLine.contains("--user-data-dir=") && !commandLine.contains("--type=");
  }
}
