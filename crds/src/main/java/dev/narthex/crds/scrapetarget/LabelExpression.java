// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition on one label. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value =
                "self.operator in ['In', 'NotIn'] ? (has(self.values) && self.values.size() > 0) : (!has(self.values) || self.values.size() == 0)",
        message = "values: In and NotIn take at least one, Exists and DoesNotExist none")
public class LabelExpression {
    @JsonPropertyDescription("The label.")
    @Required
    @Size(min = 1, max = 317)
    private @Nullable String key;

    @JsonPropertyDescription("In, NotIn, Exists or DoesNotExist.")
    @Required
    private @Nullable LabelOperator operator;

    @JsonPropertyDescription("The values for In and NotIn.")
    @Size(max = 64)
    private @Nullable List<@Size(max = 63) String> values;

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(@Nullable String key) {
        this.key = key;
    }

    public @Nullable LabelOperator getOperator() {
        return operator;
    }

    public void setOperator(@Nullable LabelOperator operator) {
        this.operator = operator;
    }

    public @Nullable List<String> getValues() {
        return values;
    }

    public void setValues(@Nullable List<String> values) {
        this.values = values;
    }
}
