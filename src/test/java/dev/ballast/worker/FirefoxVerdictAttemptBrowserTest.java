package dev.ballast.worker;

class FirefoxVerdictAttemptBrowserTest extends VerdictContract {
  @Override
  String kind() {
    return "firefox";
  }
}
