package dev.ballast.model;

import java.util.List;

/** A row of the matrix: a model to be measured, or a page that measures itself. */
public record TestModel(
    String name, ModelFamily family, ModelSource source, List<ModelInput> inputs) {
  public TestModel {
    inputs = List.copyOf(inputs);
  }
}
