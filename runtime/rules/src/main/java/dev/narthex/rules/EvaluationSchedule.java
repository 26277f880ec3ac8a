// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import java.nio.charset.StandardCharsets;

/**
 * When a group is evaluated: at fixed distances, shifted by a hash of its identity, so that groups of one interval are
 * spread over it and a restart changes nothing.
 *
 * @param intervalMs the distance, greater than zero
 * @param offsetMs the shift, {@code 0 <= offsetMs < intervalMs}
 */
record EvaluationSchedule(long intervalMs, long offsetMs) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    static EvaluationSchedule of(String file, String name, long intervalMs) {
        long hash = FNV_OFFSET;
        for (byte b : (file + '\u0000' + name).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        // The low bits of this hash hardly differ between similar names.
        long mixed = hash ^ (hash >>> 32);
        return new EvaluationSchedule(intervalMs, Math.floorMod(mixed, intervalMs));
    }

    /** The last evaluation time that is not after a moment. */
    long atOrBefore(long timeMs) {
        return timeMs - Math.floorMod(timeMs - offsetMs, intervalMs);
    }

    /** The first evaluation time after a moment. */
    long after(long timeMs) {
        return atOrBefore(timeMs) + intervalMs;
    }
}
