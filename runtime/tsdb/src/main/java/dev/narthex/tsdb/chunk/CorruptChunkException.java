// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

/** The bytes of a chunk are not what its encoding makes. The message says what is wrong, not where the chunk lies. */
public final class CorruptChunkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorruptChunkException(String message) {
        super(message);
    }

    CorruptChunkException(String message, Throwable cause) {
        super(message, cause);
    }
}
