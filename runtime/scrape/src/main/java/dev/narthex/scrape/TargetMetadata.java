// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import java.util.Map;

/**
 * What a target said of its metric families in its last good exposition.
 *
 * @param target its labels
 * @param families by name
 */
public record TargetMetadata(Labels target, Map<String, Metadata> families) {}
