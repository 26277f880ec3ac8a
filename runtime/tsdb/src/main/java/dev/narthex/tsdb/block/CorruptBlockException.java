// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.io.IOException;
import java.nio.file.Path;

/** A file of a block does not hold what it must. */
public final class CorruptBlockException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is there may be good, but not for this program. */
    private final boolean ofOtherVersion;

    CorruptBlockException(Path file, long offsetBytes, String problem) {
        super(file + ": damaged at offset " + offsetBytes + ": " + problem);
        ofOtherVersion = false;
    }

    CorruptBlockException(Path file, String problem) {
        super(file + ": " + problem);
        ofOtherVersion = false;
    }

    CorruptBlockException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
        ofOtherVersion = cause instanceof UnknownVersionException;
    }

    /** Whether the block is not damaged, but of a version that is not known. */
    public boolean isOfOtherVersion() {
        return ofOtherVersion;
    }

    /** Of a block as a whole. */
    public static CorruptBlockException of(Path block, String problem) {
        return new CorruptBlockException(block, problem);
    }
}
