// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.util.function.Consumer;

/** Waits for the deliveries of one flush. Safe for use by many threads. */
final class Fanout {
    private final Consumer<Boolean> whenAllDone;
    private int waitingFor;
    private boolean allWell = true;

    /** @param whenAllDone hears once whether all went well; at once where there is nothing to wait for */
    Fanout(int deliveries, Consumer<Boolean> whenAllDone) {
        this.waitingFor = deliveries;
        this.whenAllDone = whenAllDone;
        if (deliveries == 0) {
            whenAllDone.accept(true);
        }
    }

    void done(boolean well) {
        boolean last;
        boolean all;
        synchronized (this) {
            allWell &= well;
            last = --waitingFor == 0;
            all = allWell;
        }
        if (last) {
            whenAllDone.accept(all);
        }
    }
}
