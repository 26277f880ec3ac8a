// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be said of a log without reading it.
 *
 * @param firstNumber the number of its first segment, {@code nextNumber} where there is none
 * @param nextNumber the number of the segment to begin
 * @param greatestRef no series reference in the log is greater than this; -1 where that is not known
 * @param uncheckedNumber from the segment of this number on the log was written during replays that did not come to their
 *     end; {@code nextNumber} where there is none
 */
public record WalStart(int firstNumber, int nextNumber, long greatestRef, int uncheckedNumber) {
    /** Looks at the names in a log's directory and at the beginning of its newest segment that has one. */
    public static WalStart of(StorageFiles files, Path directory) throws IOException {
        int last = -1;
        boolean checkpoint = false;
        List<Integer> numbers = new ArrayList<>();
        for (String name : files.list(directory)) {
            if (WalLayout.segmentNumber(name) >= 0) {
                numbers.add(WalLayout.segmentNumber(name));
            }
            checkpoint |= WalLayout.checkpointNumber(name) >= 0;
            last = Math.max(last, Math.max(WalLayout.segmentNumber(name), WalLayout.checkpointNumber(name)));
        }
        numbers.sort(null);
        long bound = 0;
        int unchecked = last + 1;
        for (int number : numbers.reversed()) {
            RefBound told = RefBound.read(files, directory.resolve(WalLayout.segmentName(number)));
            if (bound == 0) {
                bound = told.greatestRef();
            }
            if (told.unchecked()) {
                unchecked = number;
            } else if (told.greatestRef() != 0) {
                break;
            }
        }
        return new WalStart(
                numbers.isEmpty() ? last + 1 : numbers.getFirst(),
                last + 1,
                bound == 0 && checkpoint ? RefBound.UNKNOWN : bound,
                unchecked);
    }

    /** The same, where something besides the log may have references. */
    public WalStart withUnknownRef() {
        return new WalStart(firstNumber, nextNumber, RefBound.UNKNOWN, uncheckedNumber);
    }

    /** Whether a segment was written during a replay that did not come to its end, and stands before a number. */
    public boolean isUncheckedBefore(int number) {
        return uncheckedNumber < nextNumber && uncheckedNumber < number;
    }

    /** Whether new series may be written before the log has been read. */
    public boolean isRefKnown() {
        return greatestRef != RefBound.UNKNOWN;
    }
}
