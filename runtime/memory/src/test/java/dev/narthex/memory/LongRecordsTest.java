// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongRecordsTest {
    private final MemoryAccount account = new MemoryAccount(Long.MAX_VALUE);
    private final LongRecords records = new LongRecords(account.tag("test"), 3);

    @Test
    void recordsAreNumberedFromOneAndKeepTheirFields() {
        for (int i = 1; i <= 5000; i++) {
            int record = records.allocate();
            assertThat(record).isEqualTo(i);
            for (int field = 0; field < 3; field++) {
                records.page(record)[records.offset(record) + field] = 10L * record + field;
            }
        }
        for (int record = 1; record < records.end(); record++) {
            for (int field = 0; field < 3; field++) {
                assertThat(records.page(record)[records.offset(record) + field]).isEqualTo(10L * record + field);
            }
        }
        assertThat(records.size()).isEqualTo(5000);
    }

    @Test
    void givesFreedNumbersOutAgainWithFieldsOfZero() {
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int record = records.allocate();
            records.page(record)[records.offset(record) + 1] = 7;
            taken.add(record);
        }
        taken.forEach(records::free);
        assertThat(records.size()).isZero();

        for (int i = 0; i < 200; i++) {
            int record = records.allocate();
            assertThat(record).isLessThanOrEqualTo(200);
            assertThat(records.page(record)[records.offset(record) + 1]).isZero();
        }
        assertThat(records.end()).isEqualTo(201);
    }

    @Test
    void clearGivesEverythingBack() {
        for (int i = 0; i < 3000; i++) {
            records.allocate();
        }
        records.free(5);
        records.clear();

        assertThat(account.bytes()).isZero();
        assertThat(records.allocate()).isEqualTo(1);
    }
}
