// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import java.io.IOException;

/** A log holds records that are sound but compressed in a way that cannot be read. */
public final class UnsupportedCompressionException extends IOException {
    private static final long serialVersionUID = 1L;

    UnsupportedCompressionException(String message) {
        super(message);
    }
}
