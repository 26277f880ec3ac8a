// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice.
 *
 * @param goType its type in Go
 * @param items what is in it
 */
public record GoList(String goType, List<@Nullable Object> items) implements GoValue {
    public GoList {
        items = Collections.unmodifiableList(new ArrayList<>(items));
    }
}
