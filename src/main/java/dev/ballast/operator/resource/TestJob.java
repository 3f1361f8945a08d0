package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** What a user submits: a matrix of models × backends × browsers × repetitions. */
@JsonClassDescription(
    "A test job: models, on backends, in browsers, so many times each. Ballast decides which browser"
        + " runs what, and the status says how it went.")
@Group("ballast.dev")
@Version("v1alpha1")
@Singular("testjob")
@Plural("testjobs")
@ShortNames("tj")
@Categories("ballast")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "size(self.metadata.name) <= 63",
    message = "metadata.name must be at most 63 characters, because it becomes a label")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.startTime) || (self.spec.matrix =="
            + " oldSelf.spec.matrix && has(self.spec.page) == has(oldSelf.spec.page) &&"
            + " (!has(self.spec.page) || self.spec.page == oldSelf.spec.page))",
    message =
        "spec.matrix and spec.page cannot change once the job has started; submit the change as a"
            + " new job")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.phase) || (self.spec.matrix =="
            + " oldSelf.spec.matrix && (!has(self.spec.matrix.models) ||"
            + " self.spec.matrix.models.map(m, m.name) == oldSelf.spec.matrix.models.map(m, m.name))"
            + " && self.spec.run == oldSelf.spec.run && self.spec.requirements"
            + " == oldSelf.spec.requirements && self.spec.weight == oldSelf.spec.weight &&"
            + " self.spec.backoffLimitPerIndex == oldSelf.spec.backoffLimitPerIndex &&"
            + " has(self.spec.page) == has(oldSelf.spec.page) && has(self.spec.poolSelector) =="
            + " has(oldSelf.spec.poolSelector) && (!has(self.spec.poolSelector) ||"
            + " self.spec.poolSelector == oldSelf.spec.poolSelector) &&"
            + " has(self.spec.maxFailedIndexes) == has(oldSelf.spec.maxFailedIndexes) &&"
            + " (!has(self.spec.maxFailedIndexes) || self.spec.maxFailedIndexes =="
            + " oldSelf.spec.maxFailedIndexes) && has(self.spec.activeDeadlineSeconds) =="
            + " has(oldSelf.spec.activeDeadlineSeconds) && (!has(self.spec.activeDeadlineSeconds)"
            + " || self.spec.activeDeadlineSeconds == oldSelf.spec.activeDeadlineSeconds) &&"
            + " has(self.spec.fallbackBackends) == has(oldSelf.spec.fallbackBackends) &&"
            + " (!has(self.spec.fallbackBackends) || self.spec.fallbackBackends =="
            + " oldSelf.spec.fallbackBackends))",
    message =
        "only suspend, priority, parallelism and ttlSecondsAfterFinished of spec can change once"
            + " Ballast has taken the job; submit the change as a new job")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.epoch) || (has(self.status) &&"
            + " has(self.status.epoch) && self.status.epoch >= oldSelf.status.epoch)",
    message = "status.epoch is older than what is there: another controller has taken over")
public class TestJob extends CustomResource<TestJobSpec, TestJobStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  @Required
  @JsonPropertyDescription("What to run, and how.")
  public TestJobSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @JsonPropertyDescription("How the job is doing; written by Ballast.")
  public TestJobStatus getStatus() {
    return super.getStatus();
  }

  @Override
  protected @Nullable TestJobSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable TestJobStatus initStatus() {
    return null;
  }
}
