package dev.ballast.worker;

class FirefoxAttemptBrowserTest extends AttemptContract {
  @Override
  String kind() {
    return "firefox";
  }
}
