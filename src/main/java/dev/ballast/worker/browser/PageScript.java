package dev.ballast.worker.browser;

import java.util.Map;

/** The two functions that are called in pages, and their arguments as BiDi local values. */
final class PageScript {
  /**
   * Starts the job in a task of its own, so that the call is over before the job begins: a job that
   * never yields is then just a job that runs long. What it throws ends the job: it is reported,
   * and becomes an uncaught error for the console too.
   */
  static final String START =
      """
      (name, job, channel) => {
        const run = globalThis[name];
        if (typeof run !== 'function') throw new Error(`the page defines no function ${name}(job, report)`);
        const report = message => channel(JSON.stringify(message));
        const given = JSON.parse(job);
        setTimeout(async () => {
          try {
            await run(given, report);
          } catch (error) {
            report({ nonce: given.nonce, type: 'error', code: typeof error?.code === 'string' ? error.code : 'page-error', message: String(error), stack: error?.stack });
            reportError(error);
          }
        });
      }
      """;

  static final String CALL =
      """
      async (name, argument) => {
        const run = globalThis[name];
        if (typeof run !== 'function') throw new Error(`the page defines no function ${name}(argument)`);
        return JSON.stringify(await run(JSON.parse(argument))) ?? 'null';
      }
      """;

  private PageScript() {}

  static Map<String, ?> string(String value) {
    return Map.of("type", "string", "value", value);
  }

  static Map<String, ?> channel(String id) {
    return Map.of("type", "channel", "value", Map.of("channel", id, "ownership", "none"));
  }
}
