// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** What a relabelling step does. */
public enum RelabelAction {
    REPLACE("replace"),
    LOWERCASE("lowercase"),
    UPPERCASE("uppercase"),
    KEEP("keep"),
    DROP("drop"),
    KEEP_EQUAL("keepequal"),
    DROP_EQUAL("dropequal"),
    HASH_MOD("hashmod"),
    LABEL_MAP("labelmap"),
    LABEL_DROP("labeldrop"),
    LABEL_KEEP("labelkeep");

    private final String text;

    RelabelAction(String text) {
        this.text = text;
    }

    /** The name in a configuration file. */
    public String text() {
        return text;
    }
}
