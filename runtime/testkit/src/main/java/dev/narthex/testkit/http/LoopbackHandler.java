// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.http;

import java.io.IOException;
import java.io.OutputStream;

/** Answers a request. */
@FunctionalInterface
public interface LoopbackHandler {
    /**
     * Writes an answer, see {@link LoopbackServer#respond}, or whatever a test wants to come instead. The connection goes
     * on with the next request unless this throws.
     */
    void answer(LoopbackRequest request, OutputStream out) throws IOException;
}
