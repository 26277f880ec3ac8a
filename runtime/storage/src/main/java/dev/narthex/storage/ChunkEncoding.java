// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/** How the samples of a chunk are encoded; the numbers are those of Prometheus' format "Chunks on disk". */
public enum ChunkEncoding {
    XOR(1),
    HISTOGRAM(2),
    FLOAT_HISTOGRAM(3);

    private final int number;

    ChunkEncoding(int number) {
        this.number = number;
    }

    /** The byte that stands for it on disk and in remote read. */
    public int number() {
        return number;
    }
}
