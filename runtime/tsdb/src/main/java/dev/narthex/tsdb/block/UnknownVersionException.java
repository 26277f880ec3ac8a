// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

/** A file is of a version that this program does not know. */
final class UnknownVersionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnknownVersionException(String message) {
        super(message);
    }
}
