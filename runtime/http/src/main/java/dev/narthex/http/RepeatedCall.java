// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;

/**
 * A request that is sent again and again, on one connection that is kept, without a thread that waits for the answer. One
 * answer at a time: it is started again only once the listener has been told of the answer before. Safe for use by many
 * threads.
 */
public interface RepeatedCall extends AutoCloseable {
    /** Sends the request; returns at once. */
    void start();

    /** Closes the connection, after the answer that is on its way if there is one. It is started no more. */
    @Override
    void close();

    /** Is told how a call went, once for each start: on the client's own thread where little is to be done, else on another. */
    interface Listener {
        /** The whole answer is there, its body in the buffer. */
        void answered(HttpAnswer answer);

        /** There is no answer; fails as {@link HttpFetcher#fetch} does. */
        void failed(IOException failure);

        /** The answer is elsewhere, as the target says; {@link HttpFetcher#fetch} finds it. */
        void redirected();
    }
}
