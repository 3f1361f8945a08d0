package dev.ballast.cli;

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
        case Checkable checkable when checkable.onlyChecks() -> checkable.check();
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
    line.getErr().println("ballast: this should not happen: " + cause);
    cause.printStackTrace(line.getErr());
    line.getErr().flush();
    return Exit.FAILED;
  }

  private static int explainUsage(CommandLine.ParameterException mistake, String[] arguments) {
    CommandLine line = mistake.getCommandLine();
    line.getErr().println(mistake.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(mistake, line.getErr());
    line.getErr()
        .println(
            "Try: bin/ballast "
                + (line.getParent() == null ? "" : line.getCommandName() + " ")
                + "--help");
    line.getErr().flush();
    return Exit.USAGE;
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
