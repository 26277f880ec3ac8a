// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/** The constants of the Zstandard format (RFC 8878), and what says that bytes are not in it. */
final class ZstandardFormat {
    /** Literal length codes: the first value of each, and how many bits are added (section 3.1.1.3.2.1.1). */
    static final int[] LITERAL_BASE = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512,
        1024, 2048, 4096, 8192, 16384, 32768, 65536
    };

    static final int[] LITERAL_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        16
    };

    /** Match length codes, the same. */
    static final int[] MATCH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
        33, 34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539
    };

    static final int[] MATCH_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2,
        2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    };

    /** The predefined distributions (section 3.1.1.3.2.2). */
    static final short[] LITERAL_DISTRIBUTION = {
        4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1
    };

    static final short[] MATCH_DISTRIBUTION = {
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1
    };

    static final short[] OFFSET_DISTRIBUTION = {
        1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1
    };

    /** What a frame begins with. */
    static final int MAGIC = 0xfd2fb528;

    static final int LITERAL_LOG = 6;
    static final int MATCH_LOG = 6;
    static final int OFFSET_LOG = 5;
    static final int MAX_LITERAL_LOG = 9;
    static final int MAX_MATCH_LOG = 9;
    static final int MAX_OFFSET_LOG = 8;
    static final int MAX_OFFSET_CODE = 31;

    private ZstandardFormat() {}

    static void check(boolean sound) {
        if (!sound) {
            throw new DamagedException();
        }
    }

    /** Bytes are not in the format. */
    static final class DamagedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamagedException() {
            super("not in the Zstandard format", null, false, false);
        }
    }
}
