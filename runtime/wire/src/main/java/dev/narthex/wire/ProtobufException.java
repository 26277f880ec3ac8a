// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/** Bytes that are no protobuf message; the message says what is wrong and at which offset. */
public final class ProtobufException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProtobufException(String message) {
        super(message);
    }
}
