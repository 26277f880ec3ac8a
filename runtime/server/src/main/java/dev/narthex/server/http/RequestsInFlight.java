// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the requests that are being answered. Safe for use by many threads. */
final class RequestsInFlight {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private int count;

    void begin() {
        lock.lock();
        try {
            count++;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            count--;
            if (count == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are none; false when they take longer than the limit. */
    boolean awaitNone(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long restNanos = limit.toNanos();
            while (count > 0) {
                if (restNanos <= 0) {
                    return false;
                }
                restNanos = none.awaitNanos(restNanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
