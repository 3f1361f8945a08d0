package dev.ballast.worker;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test classes a {@link TestingStation} of their kind of browser. All classes of a kind share
 * one: starting a browser takes seconds.
 */
final class Stations implements ParameterResolver {
  /** A test class that says of which kind its browser is. */
  interface OfKind {
    String kind();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestingStation.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    String kind = ((OfKind) context.getRequiredTestInstance()).kind();
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Stations.class))
        .computeIfAbsent(kind, Stations::start, TestingStation.class);
  }

  private static TestingStation start(String kind) {
    try {
      return TestingStation.start(kind);
    } catch (Exception e) {
      throw new IllegalStateException("no station for " + kind, e);
    }
  }
}
