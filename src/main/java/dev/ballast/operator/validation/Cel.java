package dev.ballast.operator.validation;

import dev.cel.common.CelValidationException;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Evaluates CEL rules on plain values. A rule is parsed when it is first needed and not
 * type-checked: the API server does that when the CRD is installed.
 */
final class Cel {
  private final CelParser parser =
      CelParserFactory.standardCelParserBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .build();
  private final CelRuntime runtime = CelRuntimeFactory.plannerRuntimeBuilder().build();
  private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

  /**
   * Whether {@code self} keeps the rule. Throws {@link IllegalStateException} for a rule of ours
   * that is broken.
   */
  boolean holds(String rule, Object self) {
    try {
      return Boolean.TRUE.equals(
          programs.computeIfAbsent(rule, this::program).eval(Map.of("self", self)));
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("rule cannot be evaluated: " + rule, e);
    }
  }

  private CelRuntime.Program program(String rule) {
    try {
      return runtime.createProgram(parser.parse(rule).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("rule cannot be read: " + rule, e);
    }
  }
}
