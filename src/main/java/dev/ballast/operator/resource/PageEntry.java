package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A page that measures itself. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.url.matches('^(https?://[^ ]+|file:[^ ]+|[^: ]+)$')",
    message = "url must be an http(s):// URL, or the path of a file (local runs only)",
    fieldPath = ".url")
public record PageEntry(
    @Required
        @Size(max = 63)
        @Pattern(Forms.LABEL)
        @JsonPropertyDescription("Name of the page in results.")
        String name,
    @Nullable
        @Default("\"other\"")
        @JsonPropertyDescription("What the page tests: affinities are learned per family.")
        FamilyName family,
    @Required
        @Size(min = 1, max = 2048)
        @JsonPropertyDescription(
            "URL of the page; in local runs also the path of a file, relative to the job file.")
        String url) {}
