// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.remote.write.RemoteWriteConfig;
import dev.narthex.remote.write.RemoteWriteMessage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The flags of the remote write receiver. */
final class RemoteWriteFlags {
    private static final String ENABLE = "web.enable-remote-write-receiver";
    private static final String ACCEPTED = "web.remote-write-receiver.accepted-protobuf-messages";

    private RemoteWriteFlags() {}

    static List<Flag> all() {
        return List.of(
                Flag.toggle(ENABLE, "Take remote write requests at /api/v1/write."),
                Flag.repeated(
                        ACCEPTED,
                        RemoteWriteMessage.V1.text() + "," + RemoteWriteMessage.V2.text(),
                        "Messages that are taken there: prometheus.WriteRequest, io.prometheus.write.v2.Request; both by"
                                + " default."));
    }

    /** What the flags say; null where nothing is to be taken. */
    static @Nullable RemoteWriteConfig read(FlagValues values) throws CommandLineException {
        Set<RemoteWriteMessage> accepted = EnumSet.noneOf(RemoteWriteMessage.class);
        for (String name : String.join(",", values.all(ACCEPTED)).split(",", -1)) {
            RemoteWriteMessage message = RemoteWriteMessage.of(name);
            if (message == null) {
                throw FlagValues.unusable(
                        ACCEPTED,
                        "unknown, found \"" + name + "\"; " + RemoteWriteMessage.V1.text() + " and "
                                + RemoteWriteMessage.V2.text() + " are there");
            }
            accepted.add(message);
        }
        if (!values.isOn(ENABLE)) {
            return null;
        }
        RemoteWriteConfig config = RemoteWriteConfig.defaults();
        return accepted.isEmpty() ? config : config.withAccepted(accepted);
    }
}
