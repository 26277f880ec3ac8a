// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.relabel;

import dev.narthex.config.RelabelConfig;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Applies relabelling steps to label sets (Prometheus documentation, "relabel_config"). */
public final class Relabeler {
    private Relabeler() {}

    /**
     * Applies the steps in order.
     *
     * @return the new labels, the same object where nothing changed, or null where a step dropped the set
     */
    public static @Nullable Labels relabel(Labels labels, List<RelabelConfig> steps) {
        return relabel(labels, List.of(), steps);
    }

    /**
     * Applies the steps in order.
     *
     * @param late names in the order in which their labels were added to the others: of labels that get the same name by
     *     {@code labelmap} the one added last stays
     * @return the new labels, the same object where nothing changed, or null where a step dropped the set
     */
    public static @Nullable Labels relabel(Labels labels, Collection<String> late, List<RelabelConfig> steps) {
        if (steps.isEmpty()) {
            return labels;
        }
        RelabelledLabels builder = new RelabelledLabels(labels, late);
        for (RelabelConfig step : steps) {
            if (!apply(builder, step)) {
                return null;
            }
        }
        Labels relabelled = builder.build();
        return relabelled.equals(labels) ? labels : relabelled;
    }

    /** Applies one step; whether the set is kept. */
    static boolean apply(RelabelledLabels labels, RelabelConfig step) {
        String joined = join(labels, step);
        switch (step.action()) {
            case KEEP -> {
                return step.regex().matches(joined);
            }
            case DROP -> {
                return !step.regex().matches(joined);
            }
            case KEEP_EQUAL -> {
                return labels.getOrEmpty(step.targetLabel()).equals(joined);
            }
            case DROP_EQUAL -> {
                return !labels.getOrEmpty(step.targetLabel()).equals(joined);
            }
            case REPLACE -> replace(labels, step, joined);
            case LOWERCASE -> labels.set(step.targetLabel(), eachLetter(joined, Character::toLowerCase));
            case UPPERCASE -> labels.set(step.targetLabel(), eachLetter(joined, Character::toUpperCase));
            case HASH_MOD -> labels.set(step.targetLabel(), hashMod(joined, step.modulus()));
            case LABEL_MAP -> labelMap(labels, step);
            case LABEL_DROP -> removeNames(labels, step, true);
            case LABEL_KEEP -> removeNames(labels, step, false);
        }
        return true;
    }

    private static String join(RelabelledLabels labels, RelabelConfig step) {
        List<String> names = step.sourceLabels();
        if (names.size() == 1) {
            return labels.getOrEmpty(names.getFirst());
        }
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                joined.append(step.separator());
            }
            joined.append(labels.getOrEmpty(names.get(i)));
        }
        return joined.toString();
    }

    private static void replace(RelabelledLabels labels, RelabelConfig step, String joined) {
        String target = step.regex().expand(joined, step.targetLabel());
        if (target == null || !LabelNames.isValidUtf8(target)) {
            return;
        }
        String value = step.regex().expand(joined, step.replacement());
        labels.set(target, value == null ? "" : value);
    }

    /** The last eight bytes of the MD5 digest as a big-endian unsigned number, modulo the modulus. */
    private static String hashMod(String joined, long modulus) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(joined.getBytes(StandardCharsets.UTF_8));
            long hash = ByteBuffer.wrap(digest).getLong(8);
            return Long.toUnsignedString(Long.remainderUnsigned(hash, modulus));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Letter by letter, as Go does it: none becomes two, and none minds its neighbours, whatever the language. */
    private static String eachLetter(String text, IntUnaryOperator to) {
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().map(to).forEach(mapped::appendCodePoint);
        return mapped.toString();
    }

    private static void labelMap(RelabelledLabels labels, RelabelConfig step) {
        for (Map.Entry<String, String> label : labels.entries()) {
            String mapped = step.regex().expand(label.getKey(), step.replacement());
            if (mapped != null && !mapped.isEmpty()) {
                labels.set(mapped, label.getValue());
            }
        }
    }

    private static void removeNames(RelabelledLabels labels, RelabelConfig step, boolean removeMatching) {
        for (Map.Entry<String, String> label : labels.entries()) {
            if (step.regex().matches(label.getKey()) == removeMatching) {
                labels.remove(label.getKey());
            }
        }
    }
}
