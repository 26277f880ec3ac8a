// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model.time;

import java.time.InstantSource;

/** Where the wall clock of this machine comes from; everything else takes an {@link InstantSource}. */
public final class WallClock {
    private WallClock() {}

    public static InstantSource system() {
        return InstantSource.system();
    }
}
