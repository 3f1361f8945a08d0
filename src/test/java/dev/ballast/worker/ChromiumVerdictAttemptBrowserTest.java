package dev.ballast.worker;

class ChromiumVerdictAttemptBrowserTest extends VerdictContract {
  @Override
  String kind() {
    return "chromium";
  }
}
