/**
 * Real browsers, found, started, driven over WebDriver BiDi, watched and ended. Knows nothing of
 * tasks, models or controllers.
 */
@NullMarked
package dev.ballast.worker.browser;

import org.jspecify.annotations.NullMarked;
