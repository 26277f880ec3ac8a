// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.MetricType;
import dev.narthex.testkit.random.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Untrusted bytes: whatever a target sends, a parser gives samples or an {@link ExpositionException}, goes forward with
 * each, and finds in their old place all that it has found before.
 */
class ParserFuzzTest {
    private static final int ROUNDS = 4000;
    private static final String TOKENS = "{}\"=,# \t\n\\+-.e01a_:\0\u00ff";

    private final Random random = Seed.of(ParserFuzzTest.class).random();
    private final SeriesDecoder decoder = new SeriesDecoder();
    private final MetadataReader metadata = new MetadataReader();

    private static ExpositionParser converting(ConvertibleParser source, boolean keep) {
        ClassicHistogramConverter converter = new ClassicHistogramConverter();
        converter.over(source, keep);
        return converter;
    }

    private static ConvertibleParser withStartTimestamps() {
        OpenMetricsParser parser = new OpenMetricsParser();
        parser.takeStartTimestamps(true);
        return parser;
    }

    private static ConvertibleParser withNativeHistograms() {
        ProtobufParser parser = new ProtobufParser();
        parser.histograms(true, true);
        return parser;
    }

    @Test
    void textsEndInSamplesOrAnException() throws IOException {
        byte[] real = TextParserTest.resource("alltypes.5mfs.om.txt");
        byte[] histogram = TextParserTest.resource("1histogram.om.txt");
        List<ExpositionParser> parsers = List.of(
                new TextParser(),
                new OpenMetricsParser(),
                withStartTimestamps(),
                converting(new TextParser(), false),
                converting(new OpenMetricsParser(), true));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = random.nextInt(4) == 0 ? tokens() : damaged(random.nextBoolean() ? real : histogram);
            for (ExpositionParser parser : parsers) {
                check(parser, body, ExpositionFormat.OPEN_METRICS);
            }
        }
    }

    @Test
    void messagesEndInSamplesOrAnException() {
        List<ExpositionParser> parsers =
                List.of(new ProtobufParser(), withNativeHistograms(), converting(withNativeHistograms(), true));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = message();
            if (random.nextBoolean()) {
                body = damaged(body);
            }
            for (ExpositionParser parser : parsers) {
                check(parser, body, ExpositionFormat.PROTOBUF);
            }
        }
    }

    private void check(ExpositionParser parser, byte[] body, ExpositionFormat format) {
        List<byte[]> texts = new ArrayList<>();
        List<Integer> leads = new ArrayList<>();
        List<MetricType> types = new ArrayList<>();
        try {
            parser.reset(body, 0, body.length);
            ExpositionEntry entry = parser.next();
            while (entry != ExpositionEntry.END) {
                if (entry == ExpositionEntry.SERIES) {
                    byte[] text = Arrays.copyOfRange(parser.text(), parser.leadStart(), parser.seriesEnd());
                    texts.add(text);
                    leads.add(parser.seriesStart() - parser.leadStart());
                    types.add(parser.type());
                    decoder.decode(parser.text(), parser.seriesStart(), parser.seriesEnd(), parser.type());
                    assertThat(decoder.size()).isPositive();
                    for (int i = 0; i < parser.exemplarCount(); i++) {
                        assertThat(parser.exemplar(i, 1)).isNotNull();
                        parser.exemplarFingerprint(i);
                    }
                    parser.startTimestampMs();
                    parser.histogram();
                }
                entry = parser.next();
            }
        } catch (ExpositionException e) {
            assertThat(e.getMessage()).hasSizeLessThan(2000);
            return;
        }
        parser.reset(body, 0, body.length);
        for (int i = 0; i < texts.size(); i++) {
            if (!parser.nextIs(texts.get(i), 0, leads.get(i), texts.get(i).length)) {
                // A value that follows its series without a space is read anew; nothing has happened.
                assertThat(format).isNotEqualTo(ExpositionFormat.PROTOBUF);
                ExpositionEntry entry = parser.next();
                while (entry != ExpositionEntry.SERIES) {
                    entry = parser.next();
                }
            }
            assertThat(Arrays.copyOfRange(parser.text(), parser.leadStart(), parser.seriesEnd()))
                    .as("sample " + i + " of " + new String(body, StandardCharsets.ISO_8859_1))
                    .isEqualTo(texts.get(i));
            parser.assumeType(types.get(i));
            if (format == ExpositionFormat.PROTOBUF) {
                metadata.read(format, texts.get(i), 0, leads.get(i), new LinkedHashMap<>());
            }
        }
        assertThat(parser.next()).isNotEqualTo(ExpositionEntry.SERIES);
        parser.clear();
    }

    private byte[] tokens() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
            text.append(TOKENS.charAt(random.nextInt(TOKENS.length())));
        }
        return text.append("\n# EOF\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] damaged(byte[] whole) {
        int length = Math.min(whole.length, 1 + random.nextInt(600));
        int from = random.nextInt(whole.length - length + 1);
        byte[] body = Arrays.copyOfRange(whole, from, from + length);
        for (int i = random.nextInt(4); i > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    /** A family whose fields are of the right numbers and types, mostly. */
    private byte[] message() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = random.nextInt(3); i >= 0; i--) {
            ByteArrayOutputStream family = new ByteArrayOutputStream();
            field(family, 1, ("n" + i).getBytes(StandardCharsets.UTF_8));
            family.write(3 << 3);
            family.write(random.nextInt(6));
            for (int m = random.nextInt(3); m > 0; m--) {
                field(family, 4, metric());
            }
            byte[] bytes = family.toByteArray();
            varint(out, bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private byte[] metric() {
        ByteArrayOutputStream metric = new ByteArrayOutputStream();
        ByteArrayOutputStream label = new ByteArrayOutputStream();
        field(label, 1, "l".getBytes(StandardCharsets.UTF_8));
        field(label, 2, Integer.toString(random.nextInt(5)).getBytes(StandardCharsets.UTF_8));
        field(metric, 1, label.toByteArray());
        field(metric, 2 + random.nextInt(6), fields(16));
        field(metric, 7, fields(16));
        return metric.toByteArray();
    }

    private byte[] fields(int most) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = random.nextInt(8); i > 0; i--) {
            int number = 1 + random.nextInt(most);
            switch (random.nextInt(3)) {
                case 0 -> {
                    out.write(number << 3);
                    varint(out, random.nextInt(6));
                }
                case 1 -> {
                    out.write((number << 3) | 1);
                    for (int b = 0; b < 8; b++) {
                        out.write(b < 6 ? 0 : 0x3f + random.nextInt(2));
                    }
                }
                default -> field(out, number, most == 4 ? new byte[random.nextInt(9)] : fields(4));
            }
        }
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
        varint(out, (number << 3) | 2);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
