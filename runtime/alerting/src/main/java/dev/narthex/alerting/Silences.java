// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.alerting.SilenceException.Reason;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All silences, with Alertmanager's rules for making and changing them. What is acknowledged is on disk. Times are kept
 * in milliseconds. Safe for use by many threads.
 */
public final class Silences {
    /** How long an expired silence is still shown: Alertmanager's default of {@code --data.retention}. */
    static final Duration RETENTION = Duration.ofDays(5);

    private final @Nullable SilenceFile file;
    private final InstantSource clock;
    private Map<String, Silence> byId = new LinkedHashMap<>();

    /** Those that had not expired at the last change: all that may silence something. */
    private volatile List<Silence> standing = List.of();

    /** @param file keeps silences over restarts; null to keep them in memory only */
    Silences(@Nullable SilenceFile file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        if (file != null) {
            file.load().forEach(silence -> byId.put(silence.id(), silence));
            byId.values().removeIf(silence -> isForgotten(silence, now()));
        }
        list();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static boolean isForgotten(Silence silence, Instant now) {
        return !silence.endsAt().plus(RETENTION).isAfter(now);
    }

    private void list() {
        Instant now = now();
        standing = byId.values().stream()
                .filter(silence -> silence.state(now) != SilenceState.EXPIRED)
                .toList();
    }

    /**
     * Makes a silence, or changes the one of its id: in place where only its end, its texts, or the start of one that has
     * not begun are others; otherwise the former one ends, and a new one begins.
     *
     * @return its id
     * @throws SilenceException when it is none, there is none of its id, or it cannot be kept; then nothing has changed
     */
    public synchronized String set(Silence given) throws SilenceException {
        Instant now = now();
        check(given);
        Silence former = given.id().isEmpty() ? null : byId.get(given.id());
        if (former == null && !given.id().isEmpty()) {
            throw new SilenceException(Reason.NOT_FOUND, "silence not found");
        }
        Map<String, Silence> changed = new LinkedHashMap<>(byId);
        Silence made;
        if (former != null && isChangeOf(former, given, now)) {
            made = given.with(former.id(), given.startsAt(), now);
        } else {
            Instant start = given.startsAt().isBefore(now) ? now : given.startsAt();
            made = given.with(UUID.randomUUID().toString(), start, now);
            if (former != null && former.state(now) != SilenceState.EXPIRED) {
                changed.put(former.id(), former.endedAt(now));
            }
        }
        changed.put(made.id(), made);
        keep(changed);
        return made.id();
    }

    private static void check(Silence given) throws SilenceException {
        List<LabelMatcher> matchers = given.matchers();
        for (int i = 0; i < matchers.size(); i++) {
            if (!LabelNames.isValidUtf8(matchers.get(i).name())) {
                throw new SilenceException(
                        Reason.INVALID,
                        "invalid silence: invalid label matcher " + i + " in set 0: invalid label name \""
                                + matchers.get(i).name() + "\"");
            }
        }
        // As in Alertmanager, one that excludes counts as one that demands something.
        if (matchers.stream().allMatch(matcher -> !matcher.op().isNegative() && matcher.matchesEmpty())) {
            throw new SilenceException(
                    Reason.INVALID,
                    "invalid silence: matcher set 0: at least one matcher must not match the empty string");
        }
    }

    private static boolean isChangeOf(Silence former, Silence given, Instant now) {
        if (!former.matchers().equals(given.matchers())) {
            return false;
        }
        return switch (former.state(now)) {
            case ACTIVE ->
                former.startsAt().getEpochSecond() == given.startsAt().getEpochSecond()
                        && !given.endsAt().isBefore(now);
            case PENDING -> !given.startsAt().isBefore(now);
            case EXPIRED -> false;
        };
    }

    /**
     * Ends a silence now; one that has ended stays as it is.
     *
     * @throws SilenceException when there is none of this id, or the change cannot be kept
     */
    public synchronized void expire(String id) throws SilenceException {
        Silence known = byId.get(id);
        if (known == null) {
            throw new SilenceException(Reason.NOT_FOUND, "silence not found");
        }
        Instant now = now();
        if (known.state(now) != SilenceState.EXPIRED) {
            Map<String, Silence> changed = new LinkedHashMap<>(byId);
            changed.put(id, known.endedAt(now));
            keep(changed);
        }
    }

    private void keep(Map<String, Silence> changed) throws SilenceException {
        if (file != null) {
            try {
                file.write(changed.values());
            } catch (IOException e) {
                throw new SilenceException(
                        Reason.NOT_STORED, "silences cannot be written, nothing has changed: " + e.getMessage(), e);
            }
        }
        byId = changed;
        list();
    }

    public synchronized Optional<Silence> get(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /**
     * All silences: active ones by their end, then pending ones by their start, then expired ones with the last to end
     * first.
     */
    public synchronized List<Silence> all() {
        Instant now = now();
        List<Silence> all = new ArrayList<>(byId.values());
        all.sort(Comparator.comparing((Silence silence) -> silence.state(now))
                .thenComparingLong(silence -> rank(silence, now))
                .thenComparing(Silence::id));
        return all;
    }

    private static long rank(Silence silence, Instant now) {
        return switch (silence.state(now)) {
            case ACTIVE -> silence.endsAt().toEpochMilli();
            case PENDING -> silence.startsAt().toEpochMilli();
            case EXPIRED -> -silence.endsAt().toEpochMilli();
        };
    }

    /** The ids of the silences that hold for an alert now, in order; empty where it is not silenced. */
    List<String> silencing(Labels labels, Instant now) {
        List<String> ids = new ArrayList<>();
        for (Silence silence : standing) {
            if (silence.state(now) == SilenceState.ACTIVE && silence.matches(labels)) {
                ids.add(silence.id());
            }
        }
        ids.sort(null);
        return ids;
    }

    /** How many there are in a state. */
    public synchronized long count(SilenceState state) {
        Instant now = now();
        return byId.values().stream()
                .filter(silence -> silence.state(now) == state)
                .count();
    }

    /**
     * Forgets those that expired long ago.
     *
     * @throws UncheckedIOException when they stay on disk
     */
    synchronized void collect() {
        Instant now = now();
        Map<String, Silence> left = new LinkedHashMap<>(byId);
        if (left.values().removeIf(silence -> isForgotten(silence, now))) {
            try {
                keep(left);
            } catch (SilenceException e) {
                throw new UncheckedIOException(e.text(), new IOException(e));
            }
        }
        list();
    }
}
