// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByteSlabTest {
    private static final long SEED = Long.getLong("test.seed", 42);

    private final MemoryAccount account = new MemoryAccount(Long.MAX_VALUE);
    private final ByteSlab slab = new ByteSlab(account.tag("test"));

    @Test
    void classesHoldTheirSizesAndWasteAtMostAnEighth() {
        int former = -1;
        for (int size = 0; size <= ByteSlab.LARGEST_SMALL; size++) {
            int sizeClass = ByteSlab.classOf(size);
            int capacity = ByteSlab.sizeOfClass(sizeClass);
            assertThat(capacity).isGreaterThanOrEqualTo(size);
            assertThat(capacity % 8).isZero();
            assertThat(sizeClass).isBetween(Math.max(former, 0), former + 1);
            if (size > 128) {
                assertThat(capacity - size).isLessThanOrEqualTo(size / 8);
            }
            former = sizeClass;
        }
    }

    @Test
    void piecesNeverOverlapWhateverIsTakenAndGivenBack() {
        Random random = new Random(SEED);
        Map<Integer, byte[]> held = new HashMap<>();
        List<Integer> refs = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (refs.isEmpty() || random.nextInt(100) < (step < 10_000 ? 60 : 40)) {
                int size = random.nextInt(50) == 0 ? random.nextInt(100_000) : 1 + random.nextInt(300);
                int ref = slab.allocate(size);
                byte[] content = new byte[size];
                random.nextBytes(content);
                System.arraycopy(content, 0, slab.page(ref), slab.offset(ref), size);
                assertThat(ref).isNotZero();
                assertThat(held.put(ref, content)).as("seed %d", SEED).isNull();
                refs.add(ref);
            } else {
                int ref = refs.remove(/* index */ random.nextInt(refs.size()));
                byte[] expected = Objects.requireNonNull(held.remove(ref));
                assertHolds(ref, expected);
                slab.free(ref);
            }
        }
        held.forEach(this::assertHolds);
    }

    private void assertHolds(int ref, byte[] expected) {
        int offset = slab.offset(ref);
        byte[] found = Arrays.copyOfRange(slab.page(ref), offset, offset + expected.length);
        assertThat(found).as("seed %d", SEED).isEqualTo(expected);
    }

    @Test
    void piecesThatGrowTakeThePagesOfThoseBeforeThem() {
        int[] refs = new int[100_000];
        for (int i = 0; i < refs.length; i++) {
            refs[i] = slab.allocate(64);
        }
        Set<byte[]> pages = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int size = 128; size <= 512; size += 64) {
            for (int i = 0; i < refs.length; i++) {
                pages.add(slab.page(refs[i]));
                int moved = slab.allocate(size);
                slab.free(refs[i]);
                refs[i] = moved;
            }
        }
        for (int ref : refs) {
            pages.add(slab.page(ref));
        }

        // Nothing but what is held at the end: a page that was left behind was taken again.
        assertThat(pages.size()).isLessThan((int) (1.01 * account.bytes() / 65_536));
    }

    @Test
    void givesEmptyPagesBack() {
        List<Integer> refs = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            refs.add(slab.allocate(100));
        }
        long full = account.bytes();
        refs.forEach(slab::free);

        assertThat(slab.usedBytes()).isZero();
        assertThat(account.bytes()).isLessThan(full / 10);
    }

    @Test
    void reusesPageNumbers() {
        int first = slab.allocate(50_000);
        slab.free(first);

        assertThat(slab.allocate(60_000)).isEqualTo(first);
    }

    @Test
    void readsBeyondAPieceStayInThePage() {
        int ref = 0;
        for (int i = 0; i < 65_536 / 128; i++) {
            ref = slab.allocate(128);
        }
        assertThat(slab.page(ref).length).isGreaterThanOrEqualTo(slab.offset(ref) + 128 + 8);
    }

    @Test
    void anUnknownPageIsEmptyForTheOneWhoOnlyTries() {
        assertThat(slab.pageOrEmpty(-1)).isEmpty();
        int ref = slab.allocate(50_000);
        slab.free(ref);
        assertThat(slab.pageOrEmpty(ref)).isEmpty();
    }

    @Test
    void clearGivesEverythingBack() {
        for (int i = 0; i < 1000; i++) {
            slab.allocate(1 + i * 20);
        }
        slab.clear();
        assertThat(account.bytesPerTag()).containsEntry("test", 0L);
        assertThat(slab.allocate(16)).isNotZero();
    }
}
