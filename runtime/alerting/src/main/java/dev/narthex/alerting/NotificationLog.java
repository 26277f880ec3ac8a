// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each integration was last told about each group, so that nobody is told the same again before its time. Safe for
 * use by many threads.
 */
final class NotificationLog {
    /**
     * What an integration was told last.
     *
     * @param key the group and the integration
     * @param time when it was told
     * @param expiresAt when this is forgotten
     * @param firing fingerprints of the alerts that fired
     * @param resolved fingerprints of the alerts that had ended
     */
    record Entry(String key, Instant time, Instant expiresAt, Set<Long> firing, Set<Long> resolved) {
        Entry {
            firing = Set.copyOf(firing);
            resolved = Set.copyOf(resolved);
        }
    }

    private final Map<String, Entry> entries = new HashMap<>();
    private final @Nullable NotificationLogFile file;

    /** @param file keeps the log over restarts; null to keep it in memory only */
    NotificationLog(@Nullable NotificationLogFile file, Instant now) {
        this.file = file;
        if (file != null) {
            for (Entry entry : file.load()) {
                if (entry.expiresAt().isAfter(now)) {
                    entries.put(entry.key(), entry);
                }
            }
        }
    }

    /** The key of an integration's entry for a group. */
    static String key(String groupKey, String receiver, String type, int index) {
        return groupKey + "\u0000" + receiver + "/" + type + "/" + index;
    }

    synchronized @Nullable Entry get(String key) {
        return entries.get(key);
    }

    synchronized void put(Entry entry) {
        entries.put(entry.key(), entry);
        if (file != null) {
            file.append(entry);
        }
    }

    /** Forgets what has expired, in memory and on disk. */
    synchronized void collect(Instant now) {
        entries.values().removeIf(entry -> !entry.expiresAt().isAfter(now));
        if (file != null) {
            file.rewrite(new ArrayList<>(entries.values()));
        }
    }

    synchronized int size() {
        return entries.size();
    }

    /**
     * Why an integration has to be told of a group, null where it has not.
     *
     * @param repeatAt what was told before or at this time is repeated
     */
    static @Nullable NotificationReason reason(
            @Nullable Entry last, Set<Long> firing, Set<Long> resolved, boolean sendResolved, Instant repeatAt) {
        if (last == null) {
            return firing.isEmpty() ? null : NotificationReason.FIRST;
        }
        if (!last.firing().containsAll(firing)) {
            return last.firing().isEmpty() ? NotificationReason.FIRST : NotificationReason.NEW_ALERTS;
        }
        if (firing.isEmpty()) {
            // Also where ends are not sent: the log then knows that all has ended.
            return last.firing().isEmpty() ? null : NotificationReason.ALL_RESOLVED;
        }
        if (sendResolved && !last.resolved().containsAll(resolved)) {
            return NotificationReason.SOME_RESOLVED;
        }
        return last.time().isAfter(repeatAt) ? null : NotificationReason.REPEAT;
    }

    synchronized List<Entry> all() {
        return List.copyOf(entries.values());
    }
}
