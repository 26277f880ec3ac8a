// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.relabel;

import dev.narthex.config.RelabelConfig;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
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
        if (steps.isEmpty()) {
            return labels;
        }
        LabelsBuilder builder = labels.toBuilder();
        for (RelabelConfig step : steps) {
            if (!apply(builder, step)) {
                return null;
            }
        }
        Labels relabelled = builder.build();
        return relabelled.equals(labels) ? labels : relabelled;
    }

    private static boolean apply(LabelsBuilder labels, RelabelConfig step) {
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

    private static String join(LabelsBuilder labels, RelabelConfig step) {
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

    private static void replace(LabelsBuilder labels, RelabelConfig step, String joined) {
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

    private static void labelMap(LabelsBuilder labels, RelabelConfig step) {
        Labels before = labels.build();
        for (int i = 0; i < before.size(); i++) {
            String mapped = step.regex().expand(before.name(i), step.replacement());
            if (mapped != null && !mapped.isEmpty()) {
                labels.set(mapped, before.value(i));
            }
        }
    }

    private static void removeNames(LabelsBuilder labels, RelabelConfig step, boolean removeMatching) {
        Labels before = labels.build();
        for (int i = 0; i < before.size(); i++) {
            if (step.regex().matches(before.name(i)) == removeMatching) {
                labels.remove(before.name(i));
            }
        }
    }
}
