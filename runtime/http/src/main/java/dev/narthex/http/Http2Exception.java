// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;

/** The other end breaks the rules of HTTP/2, or ends a connection or a request by them. Words are those of Go's client. */
final class Http2Exception extends IOException {
    private static final long serialVersionUID = 1L;
    private static final String[] CODES = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED"
    };

    private Http2Exception(String message) {
        super(message);
    }

    static Http2Exception protocol(String why) {
        return new Http2Exception("http2: " + why);
    }

    static Http2Exception compression() {
        return new Http2Exception("connection error: COMPRESSION_ERROR");
    }

    static Http2Exception reset(int stream, int code) {
        return new Http2Exception("stream error: stream ID " + stream + "; " + name(code) + "; received from peer");
    }

    static Http2Exception goAway(int code) {
        return new Http2Exception("http2: Transport received GOAWAY from server ErrCode:" + name(code));
    }

    static Http2Exception malformed(int stream, String why) {
        return new Http2Exception(
                "stream error: stream ID " + stream + "; PROTOCOL_ERROR; malformed response from server: " + why);
    }

    private static String name(int code) {
        return code >= 0 && code < CODES.length ? CODES[code] : "unknown error code 0x" + Integer.toHexString(code);
    }
}
