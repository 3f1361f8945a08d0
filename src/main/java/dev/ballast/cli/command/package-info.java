/**
 * What every command has: options, exit codes, errors of one line, the terminal, and the client of
 * a server. No command lives here, and nothing here knows one.
 */
@NullMarked
package dev.ballast.cli.command;

import org.jspecify.annotations.NullMarked;
