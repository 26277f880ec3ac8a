// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/**
 * How the samples of a chunk are encoded; the numbers are those of Prometheus' format "Chunks on disk". The last three
 * have start timestamps, and are made of samples that have some where that is asked for.
 */
public enum ChunkEncoding {
    XOR(1),
    HISTOGRAM(2),
    FLOAT_HISTOGRAM(3),
    XOR2(4),
    HISTOGRAM_ST(5),
    FLOAT_HISTOGRAM_ST(6);

    private final int number;

    ChunkEncoding(int number) {
        this.number = number;
    }

    /** The byte that stands for it on disk and in remote read. */
    public int number() {
        return number;
    }

    /** Whether the samples are floats, not histograms. */
    public boolean isFloats() {
        return this == XOR || this == XOR2;
    }
}
