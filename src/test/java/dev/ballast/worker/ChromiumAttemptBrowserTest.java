package dev.ballast.worker;

class ChromiumAttemptBrowserTest extends AttemptContract {
  @Override
  public String kind() {
    return "chromium";
  }
}
