// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import java.io.IOException;

/** The configuration cannot be used, and there is none that runs: the server cannot start. */
public final class UnusableConfigurationException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnusableConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
