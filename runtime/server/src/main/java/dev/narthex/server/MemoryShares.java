// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

/**
 * Who may take how much of the memory. The whole is the largest heap, which the runtime takes from the limit of the
 * container or from its options; what is left over is for all else, and for the collector.
 *
 * @param totalBytes the whole
 */
record MemoryShares(long totalBytes) {
    private static final double SERIES = 0.6;
    private static final double QUERY = 0.2;
    private static final double BODY = 0.1;

    /** A sample in a column of a query: a timestamp and a value. */
    private static final int SAMPLE_BYTES = 16;

    static MemoryShares ofThisProcess() {
        return new MemoryShares(Runtime.getRuntime().maxMemory());
    }

    /** For series, their samples and what finds them: of more, new series are refused. */
    long seriesBytes() {
        return share(SERIES);
    }

    /** For the samples that one query holds: one that needs more is refused. */
    long queryBytes() {
        return share(QUERY);
    }

    /** For the body of one scrape, unpacked: one that is longer fails. */
    long bodyBytes() {
        return share(BODY);
    }

    private long share(double part) {
        return (long) (totalBytes * part);
    }

    /** How many samples a query may hold. */
    int samples(int wanted) {
        return Math.clamp(queryBytes() / SAMPLE_BYTES, 1, wanted);
    }
}
