package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;

class FirefoxBrowserTest extends BrowserContract {
  @Override
  BrowserKind kind() {
    return BrowserKind.FIREFOX;
  }
}
