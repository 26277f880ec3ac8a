// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/** A read was refused since it would hold more memory than reads may; smaller ones, and later ones, go on. */
public final class ReadMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReadMemoryException(String message) {
        super(message);
    }
}
