// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesCacheTest {
    private static final long SEED = Long.getLong("test.seed", new Random().nextLong());

    private static final class Line {
        private final byte[] lead;
        private final byte[] series;

        Line(byte[] lead, byte[] series) {
            this.lead = lead;
            this.series = series;
        }
    }

    @Test
    void givesTheTextsBackAsTheyWere() {
        System.out.println("SeriesCacheTest: repeat with -Dtest.seed=" + SEED);
        Random random = new Random(SEED);
        TextCursor cursor = new TextCursor();
        for (int round = 0; round < 200; round++) {
            List<Line> lines = new ArrayList<>();
            byte[] former = {};
            for (int i = random.nextInt(40); i > 0; i--) {
                byte[] lead = new byte[random.nextInt(4) == 0 ? random.nextInt(300) : 0];
                random.nextBytes(lead);
                former = alike(former, random);
                lines.add(new Line(lead, former));
            }
            SeriesTexts texts = texts(lines);
            assertHolds(SeriesCache.of(texts), cursor, lines);

            SeriesTexts again = new SeriesTexts();
            SeriesCache.of(texts).unpack(cursor, again);
            assertHolds(SeriesCache.of(again), cursor, lines);
            assertThat(again.count()).isEqualTo(lines.size());
            for (int i = 0; i < lines.size(); i++) {
                assertThat(again.ref(i)).isEqualTo(i);
                assertThat(again.state(i)).isEqualTo(i % 7);
            }
        }
    }

    /** A text that begins, perhaps, as another one does; some are long, some equal, some empty. */
    private static byte[] alike(byte[] former, Random random) {
        int shared = random.nextInt(former.length + 1);
        int rest = random.nextInt(20) == 0 ? random.nextInt(40_000) : random.nextInt(150);
        byte[] made = Arrays.copyOf(former, random.nextInt(10) == 0 ? former.length : shared + rest);
        for (int i = shared; i < made.length && made.length != former.length; i++) {
            made[i] = (byte) random.nextInt(4);
        }
        return made;
    }

    private static SeriesTexts texts(List<Line> lines) {
        SeriesTexts texts = new SeriesTexts();
        for (Line line : lines) {
            byte[] both = Arrays.copyOf(line.lead, line.lead.length + line.series.length);
            System.arraycopy(line.series, 0, both, line.lead.length, line.series.length);
            texts.add(both, 0, line.lead.length, both.length, texts.count(), texts.count() % 7);
        }
        return texts;
    }

    private static void assertHolds(SeriesCache cache, TextCursor cursor, List<Line> lines) {
        cursor.begin(cache);
        for (Line line : lines) {
            cursor.next();
            assertThat(Arrays.copyOfRange(cursor.bytes(), cursor.start(), cursor.seriesStart()))
                    .as("seed %d", SEED)
                    .isEqualTo(line.lead);
            assertThat(Arrays.copyOfRange(cursor.bytes(), cursor.seriesStart(), cursor.end()))
                    .as("seed %d", SEED)
                    .isEqualTo(line.series);
        }
        cursor.clear();
    }

    @Test
    void holdsOfALineWhatTheLineBeforeItDoesNotHave() {
        SeriesTexts texts = new SeriesTexts();
        int bytes = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] line =
                    ("request_duration_seconds_bucket{handler=\"/api/v1/orders/{id}\",instance=\"a\",method=\"GET\","
                                    + "le=\"" + i + "\"}")
                            .getBytes(StandardCharsets.UTF_8);
            texts.add(line, 0, 0, line.length, i, 0);
            bytes += line.length;
        }

        // Reference and state are nine bytes; of the text a few are left.
        assertThat(SeriesCache.of(texts).sizeBytes()).isLessThan(1000 * 9 + bytes / 10);
    }
}
