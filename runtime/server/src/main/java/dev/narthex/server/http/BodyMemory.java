// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import dev.narthex.memory.MemoryAccount;

/**
 * What the body of one request takes, from its first byte until the request is answered. Grows on the event loop; given
 * back once, by whichever thread ends the request.
 */
final class BodyMemory {
    /** As it was gathered, with room to grow, and as it is handed on. */
    private static final int COPIES = 3;

    private final MemoryAccount account;
    private final MemoryAccount.Tag tag;
    private long held;
    private boolean handed;

    BodyMemory(MemoryAccount account) {
        this.account = account;
        tag = account.tag("bodies");
    }

    /** Takes what a body of this length needs; false where others have it. */
    synchronized boolean growTo(int length) {
        long more = (long) COPIES * length - held;
        if (!tag.tryTake(more)) {
            return false;
        }
        held += more;
        return true;
    }

    boolean fitsAlone(int length) {
        return length <= mostBytes();
    }

    /** The longest body that fits where there is no other. */
    long mostBytes() {
        return account.limitBytes() / COPIES;
    }

    /** Who answers gives it back from now on. */
    synchronized void hand() {
        handed = true;
    }

    /** The client has gone away: where the body had not come to its end, it never will. */
    synchronized void giveBackUnlessHanded() {
        if (!handed) {
            giveBack();
        }
    }

    synchronized void giveBack() {
        tag.giveBack(held);
        held = 0;
    }
}
