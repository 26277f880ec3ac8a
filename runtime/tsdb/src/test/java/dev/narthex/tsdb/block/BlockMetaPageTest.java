// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example in {@code docs/formats/block-meta.md} is true. */
class BlockMetaPageTest {
    @Test
    void theExampleOfThePageIsWhatIsReadAndWritten() throws IOException {
        String page = Files.readString(Path.of("../../docs/formats/block-meta.md"));
        int begin = page.indexOf("```json\n") + "```json\n".length();
        String example = page.substring(begin, page.indexOf("\n```", begin));
        BlockMeta meta = BlockMetaFile.parse(example);
        assertThat(meta.stats()).isEqualTo(new BlockMeta.Stats(2880, 0, 0, 60, 140, 2));
        assertThat(meta.compaction().level()).isEqualTo(2);
        assertThat(meta.compaction().parents())
                .extracting(BlockMeta.Parent::ulid)
                .isEqualTo(meta.compaction().sources());
        assertThat(meta.isOutOfOrder()).isTrue();
        assertThat(meta.rangeMs()).isEqualTo(4 * 3_600_000);
        assertThat(BlockMetaFile.text(meta)).isEqualTo(example);
        assertThat(BlockMetaFile.parse(example.replace("\"version\"", "\"unknown\": [{}],\n\t\"version\"")))
                .isEqualTo(meta);
        assertThat(meta.compaction().hints()).isEqualTo(List.of(BlockMeta.HINT_OUT_OF_ORDER));
    }
}
