// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

/** Is told of queries. Safe for use by many threads. */
public interface QueryObserver {
    /** One that is told in vain. */
    QueryObserver NONE = new QueryObserver() {
        @Override
        public void ran(long queueNanos, long runNanos) {}

        @Override
        public void loaded(long samples, long read) {}
    };

    /**
     * A query has been evaluated, or has failed.
     *
     * @param queueNanos for how long it waited for a thread
     * @param runNanos for how long it had the thread
     */
    void ran(long queueNanos, long runNanos);

    /**
     * A query has loaded samples.
     *
     * @param samples those that each step looked at
     * @param read those that no step before had read
     */
    void loaded(long samples, long read);
}
