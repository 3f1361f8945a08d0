package dev.ballast.worker;

class FirefoxAttemptBrowserTest extends AttemptContract {
  @Override
  public String kind() {
    return "firefox";
  }
}
