// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Silences the TSDB's log while a test opens hundreds of damaged directories. */
public final class QuietLog implements BeforeAllCallback, AfterAllCallback {
    private final Logger log = Logger.getLogger("dev.narthex.tsdb");

    @Override
    public void beforeAll(ExtensionContext context) {
        log.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        log.setLevel(null);
    }
}
