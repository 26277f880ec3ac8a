// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ProtobufWriterTest {
    @Test
    void writesTheExamplesOfTheDocumentation() {
        ProtobufWriter writer = new ProtobufWriter().int64(1, 150).text(2, "testing");
        writer.message(3, new ProtobufWriter().int64(1, 150));
        writer.message(6, new ProtobufWriter().varint(3).varint(270).varint(86942));
        assertThat(HexFormat.of().formatHex(writer.toByteArray()))
                .isEqualTo("089601120774657374696e671a030896013206038e029ea705");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        ProtobufWriter writer = new ProtobufWriter();
        for (int i = 0; i < 100; i++) {
            writer.sint64(1, -i).float64(2, i / 7.0).int64(3, -i);
        }
        ProtobufReader reader = new ProtobufReader().over(writer.array(), 0, writer.size());
        for (int i = 0; i < 100; i++) {
            reader.next();
            assertThat(reader.sint64()).isEqualTo(-i);
            reader.next();
            assertThat(reader.float64()).isEqualTo(i / 7.0);
            reader.next();
            assertThat(reader.int64()).isEqualTo(-i);
        }
        assertThat(reader.next()).isZero();
    }
}
