// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

/**
 * When a target is scraped: at a fixed place within each interval, which a hash of the target and a seed of the server
 * choose, so that the scrapes of a server are spread evenly and those of two servers do not coincide.
 */
final class ScrapeTiming {
    private ScrapeTiming() {}

    /**
     * The first scrape time after now of a target.
     *
     * @param slotMs the places in the interval are multiples of this; see {@link ScrapeSlots}
     */
    static long firstMs(long nowMs, long intervalMs, Target target, long seed, long slotMs) {
        long place = Math.floorMod(hash(target, seed), intervalMs);
        long offset = place - place % slotMs;
        return nowMs + intervalMs - Math.floorMod(nowMs - offset, intervalMs);
    }

    /**
     * The scrape time after a given one. Where the scrape took so long that it is past already, the last one that is: this
     * is made up for at once, as by Prometheus, and those before are left out. Starts anew after a jump of the clock.
     */
    static long nextMs(long lastMs, long nowMs, long intervalMs, Target target, long seed, long slotMs) {
        long nextMs = lastMs + intervalMs;
        if (nextMs > nowMs && nextMs - nowMs <= 2 * intervalMs) {
            return nextMs;
        }
        if (nextMs <= nowMs && nowMs - nextMs <= 60 * intervalMs) {
            return nextMs + (nowMs - nextMs) / intervalMs * intervalMs;
        }
        return firstMs(nowMs, intervalMs, target, seed, slotMs);
    }

    /**
     * The timestamp of a scrape that was due at one time and began at another.
     *
     * @param toleranceMs how far apart they may be for the scrape to count as punctual; a hundredth of the interval at most
     */
    static long timestampMs(long dueMs, long nowMs, long intervalMs, long toleranceMs) {
        long tolerance = Math.min(toleranceMs, intervalMs / 100);
        return Math.abs(nowMs - dueMs) <= tolerance ? dueMs : nowMs;
    }

    private static long hash(Target target, long seed) {
        long word = 31L * target.internalLabels().hashCode()
                + target.url().toString().hashCode();
        word ^= seed;
        // The finisher of splitmix64 (Steele, Lea, Flood 2014).
        word = (word ^ (word >>> 30)) * 0xbf58476d1ce4e5b9L;
        word = (word ^ (word >>> 27)) * 0x94d049bb133111ebL;
        return word ^ (word >>> 31);
    }
}
