package dev.ballast.worker;

class ChromiumAttemptBrowserTest extends AttemptContract {
  @Override
  String kind() {
    return "chromium";
  }
}
