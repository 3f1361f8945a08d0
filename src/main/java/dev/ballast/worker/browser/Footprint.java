package dev.ballast.worker.browser;

import java.util.OptionalLong;
import java.util.Set;

/** What a browser takes of this machine. */
interface Footprint {
  /** Its living processes, each once. */
  Set<ProcessHandle> members();

  /** Memory of all of them; absent where the system does not tell. */
  OptionalLong memoryBytes();
}
