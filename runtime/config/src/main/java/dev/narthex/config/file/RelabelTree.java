// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.RelabelConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Relabelling steps as a list of mappings. */
final class RelabelTree {
    private final TreeForm form;

    RelabelTree(TreeForm form) {
        this.form = form;
    }

    List<Object> list(List<RelabelConfig> steps) {
        List<Object> trees = new ArrayList<>();
        for (RelabelConfig step : steps) {
            Fields fields = form.fields()
                    .given("source_labels", step.sourceLabels())
                    .always("separator", step.separator(), RelabelConfig.DEFAULT_SEPARATOR)
                    .given("target_label", step.targetLabel());
            boolean usual = step.regex().regex().equals(RelabelConfig.DEFAULT_REGEX);
            if (form.effective() ? !step.regex().isImplied() : !usual) {
                fields.put("regex", step.regex().regex());
            }
            trees.add(fields.given("modulus", unsigned(step.modulus()))
                    .always("replacement", step.replacement(), RelabelConfig.DEFAULT_REPLACEMENT)
                    .put("action", step.action().text())
                    .tree());
        }
        return trees;
    }

    private static Number unsigned(long bits) {
        return bits >= 0 ? Long.valueOf(bits) : new BigInteger(Long.toUnsignedString(bits));
    }
}
