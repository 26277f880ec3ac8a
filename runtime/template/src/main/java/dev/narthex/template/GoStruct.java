// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value with fields and methods.
 *
 * @param goType its type in Go
 * @param fields in the order in which they are printed
 * @param methods what can be called on it
 */
public record GoStruct(String goType, Map<String, @Nullable Object> fields, Map<String, TemplateFunction> methods)
        implements GoValue {
    public GoStruct {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        methods = Map.copyOf(methods);
    }
}
