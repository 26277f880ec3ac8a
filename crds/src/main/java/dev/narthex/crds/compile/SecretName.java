// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import java.util.Comparator;

/** Which Secret. Ordered by namespace, then name. */
public record SecretName(String namespace, String name) implements Comparable<SecretName> {
    private static final Comparator<SecretName> ORDER =
            Comparator.comparing(SecretName::namespace).thenComparing(SecretName::name);

    @Override
    public int compareTo(SecretName other) {
        return ORDER.compare(this, other);
    }

    /** The form of messages: {@code shop/hook}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
