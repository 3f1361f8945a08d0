package dev.ballast.cli;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.ServedCommand;
import dev.ballast.cli.command.Version;
import dev.ballast.cli.history.MaybeServed;
import dev.ballast.store.StoreException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;

/**
 * Where every command starts. Arguments are understood before the service is booted, so that help
 * and mistakes answer at once; only commands that serve something boot it.
 */
@QuarkusMain
public final class Main {
  private static final AtomicReference<ServedCommand> SERVED = new AtomicReference<>();

  private Main() {}

  public static void main(String... arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine line = new CommandLine(new BallastCommand());
    line.setExecutionStrategy(Main::execute);
    line.setExecutionExceptionHandler(Main::explain);
    line.setParameterExceptionHandler(Main::explainUsage);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
    return line.execute(arguments);
  }

  private static int execute(CommandLine.ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    CommandLine last = parsed.asCommandLineList().getLast();
    Object command = last.getCommand();
    try {
      return switch (command) {
        case MaybeServed maybe when maybe.alone() -> maybe.runAlone();
        case ServedCommand served -> serve(served);
        case Callable<?> callable -> (Integer) callable.call();
        default ->
            throw new CommandLine.ParameterException(
                last, "Which command? Try: bin/ballast quickstart");
      };
    } catch (CommandLine.ParameterException e) {
      throw e;
    } catch (Exception e) {
      throw new CommandLine.ExecutionException(last, String.valueOf(e.getMessage()), e);
    }
  }

  private static int serve(ServedCommand command) throws Exception {
    command.prepare();
    SERVED.set(command);
    AtomicInteger code = new AtomicInteger(Exit.OK);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Quarkus.run(
        Served.class,
        (exitCode, thrown) -> {
          code.set(exitCode);
          if (thrown != null) {
            failure.set(thrown);
          }
        });
    if (failure.get() instanceof Exception e) {
      throw e;
    }
    return code.get();
  }

  private static int explain(Exception thrown, CommandLine line, CommandLine.ParseResult parsed) {
    Throwable cause =
        thrown instanceof CommandLine.ExecutionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof CommandException command) {
      command.lines().forEach(line.getErr()::println);
      line.getErr().flush();
      return command.exitCode();
    }
    if (cause instanceof StoreException store) {
      line.getErr().println(withReason(store));
      line.getErr().flush();
      return Exit.ENVIRONMENT;
    }
    line.getErr().println("ballast: this should not happen: " + cause);
    cause.printStackTrace(line.getErr());
    line.getErr().flush();
    return Exit.FAILED;
  }

  private static String withReason(StoreException failure) {
    Throwable reason = failure.getCause();
    return reason == null
        ? failure.getMessage() + "."
        : "%s (%s: %s)."
            .formatted(
                failure.getMessage(),
                reason.getClass().getSimpleName().replace("Exception", ""),
                String.valueOf(reason.getMessage()).lines().findFirst().orElse(""));
  }

  private static int explainUsage(CommandLine.ParameterException mistake, String[] arguments) {
    CommandLine line = mistake.getCommandLine();
    line.getErr().println(sentence(mistake));
    line.getErr()
        .println(
            "Try: bin/ballast "
                + (line.getParent() == null ? "" : line.getCommandName() + " ")
                + "--help");
    line.getErr().flush();
    return Exit.USAGE;
  }

  private static String sentence(CommandLine.ParameterException mistake) {
    CommandLine line = mistake.getCommandLine();
    if (!(mistake instanceof CommandLine.UnmatchedArgumentException unmatched)) {
      return String.valueOf(mistake.getMessage())
          .replaceAll("is not an? (int|long)$", "is not a whole number");
    }
    String word = unmatched.getUnmatched().getFirst();
    if (unmatched.isUnknownOption()) {
      return "%s is not an option of %s.%s"
          .formatted(word, line.getCommandName(), maybe(unmatched));
    }
    return line.getSubcommands().isEmpty()
        ? "\"%s\" is one argument too many for %s.".formatted(word, line.getCommandName())
        : "\"%s\" is not a command.%s Known: %s."
            .formatted(word, maybe(unmatched), String.join(", ", line.getSubcommands().keySet()));
  }

  /** The nearest of what could be meant, when only a few letters are wrong. */
  private static String maybe(CommandLine.UnmatchedArgumentException unmatched) {
    String word = unmatched.getUnmatched().getFirst();
    return unmatched.getSuggestions().stream()
        .map(suggestion -> suggestion.substring(suggestion.lastIndexOf(' ') + 1))
        .filter(suggestion -> near(word, suggestion))
        .findFirst()
        .map(" Maybe %s?"::formatted)
        .orElse("");
  }

  private static boolean near(String word, String suggestion) {
    int common = 0;
    while (common < Math.min(word.length(), suggestion.length())
        && word.charAt(common) == suggestion.charAt(common)) {
      common++;
    }
    return 2 * common >= word.length();
  }

  /** Runs the command once the service is up. */
  public static final class Served implements QuarkusApplication {
    @Override
    public int run(String... arguments) {
      ServedCommand command = SERVED.get();
      if (command == null) {
        throw new IllegalStateException("the service was started without a command");
      }
      try {
        return command.serve();
      } catch (CommandException e) {
        e.lines().forEach(System.err::println);
        return e.exitCode();
      }
    }
  }
}
