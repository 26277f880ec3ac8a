// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.Labels;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the templates of one alert show.
 *
 * @param labels of the series the alert comes from, {@code $labels}
 * @param externalLabels of the server, {@code $externalLabels}
 * @param value of the series, {@code $value}
 */
public record AlertTemplateValues(Labels labels, Labels externalLabels, double value) {
    private static final String TYPE = "struct { Labels map[string]string; ExternalLabels map[string]string; "
            + "ExternalURL string; Value interface {} }";

    GoStruct data(String externalUrl) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("Labels", GoMap.of(labels));
        fields.put("ExternalLabels", GoMap.of(externalLabels));
        fields.put("ExternalURL", externalUrl);
        fields.put("Value", value);
        return new GoStruct(TYPE, fields, Map.of());
    }

    /** The values of {@link AlertTemplate#VARIABLES}. */
    static List<@Nullable Object> variables(GoStruct data) {
        Map<String, @Nullable Object> fields = data.fields();
        return Arrays.asList(
                fields.get("Labels"), fields.get("ExternalLabels"), fields.get("ExternalURL"), fields.get("Value"));
    }
}
