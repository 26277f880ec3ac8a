// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

import java.io.IOException;

/** A snapshot is not whole, or of a form that is not known: it must not be used. */
final class DamagedSnapshotException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedSnapshotException(String message) {
        super(message);
    }

    DamagedSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
