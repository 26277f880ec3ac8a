// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Labels;
import dev.narthex.model.Utf8Order;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * Alertmanager's order of label sets: fewer labels first; among sets of one size the first name in the order of all
 * names decides by which they differ, where a missing label comes first, then the value.
 */
final class LabelSetOrder {
    static final Comparator<Labels> COMPARATOR = LabelSetOrder::compare;

    private LabelSetOrder() {}

    private static int compare(Labels left, Labels right) {
        if (left.size() != right.size()) {
            return Integer.compare(left.size(), right.size());
        }
        TreeSet<String> names = new TreeSet<>(Utf8Order.COMPARATOR);
        for (int i = 0; i < left.size(); i++) {
            names.add(left.name(i));
            names.add(right.name(i));
        }
        for (String name : names) {
            // A missing label is the empty text, which is before all others.
            int order = Utf8Order.COMPARATOR.compare(left.getOrEmpty(name), right.getOrEmpty(name));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
