// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The hash by which {@code limit_ratio} chooses series: XXH64 with seed 0 over all names and values in the order of the
 * names, each preceded by its length in bytes of UTF-8. A length below 255 is one byte, a longer one the byte 255 and
 * three bytes, lowest first. Prometheus does not document its choice; this was found by comparing what it chooses.
 */
final class LabelHash {
    private static final int LONG_STRING = 255;

    private LabelHash() {}

    static long of(Labels labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        for (int i = 0; i < labels.size(); i++) {
            add(bytes, labels.name(i));
            add(bytes, labels.value(i));
        }
        return XxHash64.hash(bytes.toByteArray());
    }

    private static void add(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < LONG_STRING) {
            bytes.write(utf8.length);
        } else {
            bytes.write(LONG_STRING);
            bytes.write(utf8.length);
            bytes.write(utf8.length >>> 8);
            bytes.write(utf8.length >>> 16);
        }
        bytes.writeBytes(utf8);
    }
}
