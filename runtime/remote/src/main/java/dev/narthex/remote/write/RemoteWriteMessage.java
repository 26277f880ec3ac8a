// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The two messages of remote write. Source: Remote-Write specification 2.0, "Protocol", "Content negotiation". */
public enum RemoteWriteMessage {
    V1("prometheus.WriteRequest"),
    V2("io.prometheus.write.v2.Request");

    private static final String MEDIA_TYPE = "application/x-protobuf";

    private final String text;

    RemoteWriteMessage(String text) {
        this.text = text;
    }

    /** The full name of the protobuf message. */
    public String text() {
        return text;
    }

    /** The message of a name; null where there is none. */
    public static @Nullable RemoteWriteMessage of(String text) {
        return Arrays.stream(values())
                .filter(message -> message.text.equals(text))
                .findFirst()
                .orElse(null);
    }

    /**
     * The message that a Content-Type names; version 1 where it names none, as the specification asks.
     *
     * @param contentType the header's value, empty where it is missing
     * @param accepted the messages that this server takes
     * @throws RemoteWriteException status 415, when it names something else
     */
    static RemoteWriteMessage of(String contentType, Set<RemoteWriteMessage> accepted) throws RemoteWriteException {
        if (contentType.isBlank()) {
            return require(V1, contentType, V1.text, accepted);
        }
        List<String> parts =
                Arrays.stream(contentType.split(";", -1)).map(String::strip).toList();
        if (!parts.getFirst().equals(MEDIA_TYPE)) {
            throw unsupported(
                    "expected " + MEDIA_TYPE + " as the first (media) part, got " + contentType + " content-type");
        }
        for (String parameter : parts.subList(1, parts.size())) {
            int equals = parameter.indexOf('=');
            if (equals < 0) {
                throw unsupported("as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be"
                        + " key-values, got " + parameter + " in " + contentType + " content-type");
            }
            if (parameter.substring(0, equals).equals("proto")) {
                String name = parameter.substring(equals + 1);
                return require(of(name), contentType, name, accepted);
            }
        }
        return require(V1, contentType, V1.text, accepted);
    }

    private static RemoteWriteMessage require(
            @Nullable RemoteWriteMessage message, String contentType, String name, Set<RemoteWriteMessage> accepted)
            throws RemoteWriteException {
        if (message == null) {
            throw unsupported("got " + contentType + " content type; unknown type for remote write protobuf message "
                    + name + ", supported: " + V1.text + ", " + V2.text);
        }
        if (!accepted.contains(message)) {
            String taken =
                    accepted.stream().map(RemoteWriteMessage::text).sorted().collect(Collectors.joining(", "));
            throw unsupported(message.text + " protobuf message is not accepted by this server; only accepts " + taken);
        }
        return message;
    }

    private static RemoteWriteException unsupported(String text) {
        return new RemoteWriteException(RemoteWriteAnswer.UNSUPPORTED_MEDIA_TYPE, text);
    }
}
