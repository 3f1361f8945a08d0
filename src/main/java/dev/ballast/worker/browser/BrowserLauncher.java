package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;

/** Starts browsers of one kind; safe to use from several threads at a time. */
public interface BrowserLauncher {
  BrowserKind kind();

  /** Starts a browser of its own, or leaves nothing behind. */
  Browser launch() throws BrowserException;
}
