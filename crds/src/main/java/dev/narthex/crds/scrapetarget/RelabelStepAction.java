// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a relabelling step does; the names are those of Prometheus. */
public enum RelabelStepAction {
    @JsonProperty("replace")
    REPLACE,
    @JsonProperty("lowercase")
    LOWERCASE,
    @JsonProperty("uppercase")
    UPPERCASE,
    @JsonProperty("keep")
    KEEP,
    @JsonProperty("drop")
    DROP,
    @JsonProperty("keepequal")
    KEEP_EQUAL,
    @JsonProperty("dropequal")
    DROP_EQUAL,
    @JsonProperty("hashmod")
    HASH_MOD,
    @JsonProperty("labelmap")
    LABEL_MAP,
    @JsonProperty("labeldrop")
    LABEL_DROP,
    @JsonProperty("labelkeep")
    LABEL_KEEP
}
