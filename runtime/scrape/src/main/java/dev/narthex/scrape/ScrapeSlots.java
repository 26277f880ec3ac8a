// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

/**
 * How finely the scrapes of a server are spread. What wakes a core for one scrape takes a good part of the scrape to bring
 * code and data back into its caches; so a few scrapes begin at the same time and are worked on one behind the other. The
 * more there are a second, the closer their times lie, so that no more than a few ever come together. Safe for use by
 * many threads.
 */
final class ScrapeSlots {
    private static final long LONGEST_MS = 20;

    /** An interval has so many slots at least. */
    private static final long LEAST_SLOTS = 50;

    /** So many scrapes share a slot, on average and at the most. */
    private static final double SHARED = 4;

    private static final double MS_PER_SECOND = 1000;

    private double scrapesPerSecond;

    /** Counts a target with an interval in; the times of its scrapes are to be multiples of the milliseconds returned. */
    synchronized long enter(long intervalMs) {
        scrapesPerSecond += MS_PER_SECOND / intervalMs;
        long fine = (long) (SHARED * MS_PER_SECOND / scrapesPerSecond);
        return Math.clamp(Math.min(fine, intervalMs / LEAST_SLOTS), 1, LONGEST_MS);
    }

    /** Counts a target out. */
    synchronized void leave(long intervalMs) {
        scrapesPerSecond = Math.max(0, scrapesPerSecond - MS_PER_SECOND / intervalMs);
    }
}
