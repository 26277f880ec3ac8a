// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

/**
 * Who may take how much of the memory. The whole is the largest heap, which the runtime takes from the limit of the
 * container or from its options. What the server itself needs, whatever it stores, goes off first: 32 MB, of a small heap
 * a third. The shares are parts of the rest; what is left over is for all else, and for the collector.
 *
 * @param totalBytes the whole
 */
record MemoryShares(long totalBytes) {
    private static final double SERIES = 0.6;
    private static final double QUERY = 0.2;
    private static final double QUERIES = 0.25;
    private static final double BODY = 0.1;
    private static final double REQUESTS = 0.05;

    private static final long OWN_BYTES = 32 << 20;

    /** The heap of a container of 384 MiB, with room for what the machine takes off. */
    private static final long LEAST_BYTES = 176L << 20;

    /** A sample in a column of a query: a timestamp and a value. */
    private static final int SAMPLE_BYTES = 16;

    static MemoryShares ofThisProcess() {
        return new MemoryShares(Runtime.getRuntime().maxMemory());
    }

    /** Whether it is less than the server is made for: what cannot be refused may then not fit. */
    boolean isTooLittle() {
        return totalBytes < LEAST_BYTES;
    }

    /** For series, their samples and what finds them: of more, new series are refused. */
    long seriesBytes() {
        return share(SERIES);
    }

    /** For what one query holds, samples and all else: one that needs more is refused. */
    long queryBytes() {
        return share(QUERY);
    }

    /**
     * For what all queries hold that run or are answered: one that needs more than the others leave is refused. It is
     * more than one query may hold, so that small ones go on beside it.
     */
    long queriesBytes() {
        return share(QUERIES);
    }

    /** For the body of one scrape, unpacked: one that is longer fails. */
    long bodyBytes() {
        return share(BODY);
    }

    /** For the bodies of all requests that come in or are answered, and what they are unpacked to. */
    long requestsBytes() {
        return share(REQUESTS);
    }

    private long share(double part) {
        return (long) ((totalBytes - Math.min(OWN_BYTES, totalBytes / 3)) * part);
    }

    /** How many samples a query may hold. */
    int samples(int wanted) {
        return Math.clamp(queryBytes() / SAMPLE_BYTES, 1, wanted);
    }
}
