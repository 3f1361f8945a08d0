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

/** A set of identical workers: one kind of browser on one kind of hardware. */
@JsonClassDescription(
    "A set of identical workers: one kind of browser on one kind of hardware, as a node pool is of"
        + " nodes.")
@Group("ballast.dev")
@Version("v1alpha1")
@Singular("browserpool")
@Plural("browserpools")
@ShortNames("bpool")
@Categories("ballast")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "size(self.metadata.name) <= 50",
    message =
        "metadata.name must be at most 50 characters, because the names of its pods begin with it")
@ValidationRule(
    value =
        "!has(oldSelf.status) || !has(oldSelf.status.epoch) || (has(self.status) &&"
            + " has(self.status.epoch) && self.status.epoch >= oldSelf.status.epoch)",
    message = "status.epoch is older than what is there: another controller has taken over")
public class BrowserPool extends CustomResource<BrowserPoolSpec, BrowserPoolStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  @Required
  @JsonPropertyDescription("What the workers are, and how many.")
  public BrowserPoolSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @JsonPropertyDescription("How the pool is doing; written by Ballast.")
  public BrowserPoolStatus getStatus() {
    return super.getStatus();
  }

  @Override
  protected @Nullable BrowserPoolSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable BrowserPoolStatus initStatus() {
    return null;
  }
}
