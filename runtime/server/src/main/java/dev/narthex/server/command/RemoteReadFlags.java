// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.remote.read.RemoteReadConfig;
import java.util.List;

/** The flags of remote read. */
final class RemoteReadFlags {
    private static final String SAMPLES = "storage.remote.read-sample-limit";
    private static final String CONCURRENT = "storage.remote.read-concurrent-limit";
    private static final String FRAME = "storage.remote.read-max-bytes-in-frame";

    private RemoteReadFlags() {}

    static List<Flag> all() {
        RemoteReadConfig standard = RemoteReadConfig.DEFAULT;
        return List.of(
                Flag.number(
                        SAMPLES,
                        Integer.toString(standard.maxSamples()),
                        "Samples that one query of /api/v1/read may give where they are not streamed; 0 for no limit."),
                Flag.number(
                        CONCURRENT,
                        Integer.toString(standard.maxConcurrent()),
                        "Requests at /api/v1/read that are answered at once, further ones wait; 0 for no limit."),
                Flag.number(
                        FRAME,
                        Integer.toString(standard.maxFrameBytes()),
                        "How many bytes of a series go into a frame of a streamed answer of /api/v1/read."));
    }

    static RemoteReadConfig read(FlagValues values) throws CommandLineException {
        return new RemoteReadConfig(values.natural(SAMPLES), values.natural(CONCURRENT), values.positive(FRAME));
    }
}
