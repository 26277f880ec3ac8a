// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufReaderTest {
    /** Examples of "Encoding" of the Protocol Buffers documentation, and further types put together by its rules. */
    @Test
    void readsEachTypeOfField() {
        ProtobufReader reader = over("089601 120774657374696e67 1803 21000000000000f83f 2d00000040");
        assertThat(reader.next()).isEqualTo(1);
        assertThat(reader.int64()).isEqualTo(150);
        assertThat(reader.next()).isEqualTo(2);
        assertThat(reader.text()).isEqualTo("testing");
        assertThat(reader.next()).isEqualTo(3);
        assertThat(reader.sint64()).isEqualTo(-2);
        assertThat(reader.next()).isEqualTo(4);
        assertThat(reader.float64()).isEqualTo(1.5);
        assertThat(reader.next()).isEqualTo(5);
        assertThat(Float.intBitsToFloat(reader.fixed32())).isEqualTo(2f);
        assertThat(reader.next()).isZero();
    }

    @Test
    void fieldsThatNobodyReadsAreSkipped() {
        ProtobufReader reader = over("089601 120774657374696e67 21000000000000f83f 2d00000040 3001");
        while (reader.next() != 6) {
            assertThat(reader.wireType()).isNotNegative();
        }
        assertThat(reader.bool()).isTrue();
        assertThat(reader.next()).isZero();
    }

    @Test
    void entersAndLeavesMessages() {
        ProtobufReader reader = over("1a03089601 2001");
        assertThat(reader.next()).isEqualTo(3);
        int outer = reader.enter();
        assertThat(reader.next()).isEqualTo(1);
        reader.leave(outer);
        assertThat(reader.next()).isEqualTo(4);
        assertThat(reader.int32()).isEqualTo(1);
    }

    @Test
    void passesOverAPairOnlyWhereItIsOne() {
        ProtobufReader reader = over("0a07 0a0161 120262 63 2001");
        assertThat(reader.next()).isEqualTo(1);
        assertThat(reader.enteredPair()).isTrue();
        assertThat(reader.firstStart()).isEqualTo(4);
        assertThat(reader.firstStop()).isEqualTo(5);
        assertThat(reader.start()).isEqualTo(7);
        assertThat(reader.stop()).isEqualTo(9);
        assertThat(reader.next()).isEqualTo(4);
        assertThat(reader.int32()).isEqualTo(1);
        for (String other : new String[] {
            "0a07 120161 0a026263", // the other order
            "0a07 0a0161 1a026263", // another field
            "0a09 0a0161 12026263 2001", // a third field
            "0a07 0a0161 12016263", // the second is shorter
            "0a07 0a0161 12036263", // the second is longer
            "0a07 0a0761 12026263", // the first is longer than all
            "0a07 0aff61 12026263", // lengths of more bytes
            "0a03 0a0161", // one field
            "0a00", // none
            "0a8700 0a0161 12026263",
            "0807"
        }) {
            ProtobufReader odd = over(other);
            assertThat(odd.next()).isEqualTo(1);
            assertThat(odd.enteredPair()).as(other).isFalse();
        }
        ProtobufReader cut = over("0a07 0a0161 1202");
        assertThat(cut.next()).isEqualTo(1);
        assertThat(cut.enteredPair()).isFalse();
    }

    @Test
    void readsRepeatedNumbersPackedAndNot() {
        ProtobufReader reader = over("3206038e029ea705 3003 320102");
        long sum = 0;
        while (reader.next() == 6) {
            int outer = reader.enterPacked();
            while (reader.hasPacked()) {
                sum += reader.packedInt64();
            }
            reader.leave(outer);
        }
        assertThat(sum).isEqualTo(3 + 270 + 86942 + 3 + 2);
    }

    @Test
    void tellsTextFromBytesThatAreNone() {
        ProtobufReader reader = over("1202c3a4 1203efbfbd 1201ff");
        reader.next();
        assertThat(reader.utf8()).isEqualTo("ä");
        reader.next();
        assertThat(reader.utf8()).isEqualTo("\ufffd");
        reader.next();
        assertThat(reader.utf8()).isNull();
    }

    @Test
    void damagedMessagesAreRefusedByOffset() {
        assertThatExceptionOfType(ProtobufException.class)
                .isThrownBy(() -> {
                    ProtobufReader reader = over("1205 74");
                    reader.next();
                    reader.text();
                })
                .withMessageContaining("length 5 where 1 bytes are left at offset 2");
        byte[] good = HexFormat.of().parseHex("089601120774657374696e67180321000000000000f83f2d00000040");
        Random random = new Random(1);
        for (int run = 0; run < 20_000; run++) {
            byte[] hurt = Arrays.copyOf(good, 1 + random.nextInt(good.length));
            hurt[random.nextInt(hurt.length)] ^= (byte) (1 << random.nextInt(8));
            ProtobufReader reader = new ProtobufReader().over(hurt, 0, hurt.length);
            try {
                int fields = 0;
                while (reader.next() != 0) {
                    fields++;
                }
                assertThat(fields).isLessThanOrEqualTo(hurt.length);
            } catch (ProtobufException e) {
                assertThat(e).hasMessageContaining("at offset");
            }
        }
    }

    private static ProtobufReader over(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return new ProtobufReader().over(bytes, 0, bytes.length);
    }
}
