// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The flags in the first field of a series record, which appenders and the collector change at the same time: an
 * appender takes back {@link SeriesLayout#IDLE} of a series that it is going to use, the collector turns it into
 * {@link SeriesLayout#LEAVING}, and whoever is first wins. So a series that a transaction refers to does not go away
 * under it.
 */
final class SeriesFlags {
    private static final VarHandle FIELDS = MethodHandles.arrayElementVarHandle(long[].class);

    private SeriesFlags() {}

    static void set(long[] page, int at, long flag) {
        FIELDS.getAndBitwiseOr(page, at, flag);
    }

    static void clear(long[] page, int at, long flag) {
        FIELDS.getAndBitwiseAnd(page, at, ~flag);
    }

    /** Gives a series another reference, which the log has. */
    static void rename(long[] page, int at, long ref) {
        long field;
        do {
            field = (long) FIELDS.getVolatile(page, at);
        } while (!FIELDS.compareAndSet(page, at, field, (field & ~SeriesLayout.REF_MASK) | ref | SeriesLayout.LOGGED));
    }

    /** Keeps a series for a transaction; false where the record does not hold this series any more. */
    static boolean use(long[] page, int at, long ref) {
        while (true) {
            long field = (long) FIELDS.getVolatile(page, at);
            if ((field & SeriesLayout.REF_MASK) != ref || (field & SeriesLayout.LEAVING) != 0) {
                return false;
            }
            if ((field & SeriesLayout.IDLE) == 0 || FIELDS.compareAndSet(page, at, field, field & ~SeriesLayout.IDLE)) {
                return true;
            }
        }
    }

    /** Takes an idle series out of use; false where somebody has used it meanwhile. */
    static boolean leave(long[] page, int at) {
        long field = (long) FIELDS.getVolatile(page, at);
        return (field & SeriesLayout.IDLE) != 0 && FIELDS.compareAndSet(page, at, field, field | SeriesLayout.LEAVING);
    }
}
