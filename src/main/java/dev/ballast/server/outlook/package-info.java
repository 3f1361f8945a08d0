/** Watches a running controller, and tells its {@code Outlook} what is expected of the pools. */
@NullMarked
package dev.ballast.server.outlook;

import org.jspecify.annotations.NullMarked;
