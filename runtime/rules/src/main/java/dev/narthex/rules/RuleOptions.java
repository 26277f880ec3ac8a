// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import java.time.Duration;

/**
 * How rules are run, beside their configuration; Prometheus has flags for these.
 *
 * @param externalUrl the address under which people reach the server, for links in alerts; may be empty
 * @param resendDelay least time between sending the same firing alert ({@code --rules.alert.resend-delay})
 * @param outageTolerance longest outage over which the {@code for} state is restored
 *     ({@code --rules.alert.for-outage-tolerance})
 * @param forGracePeriod least {@code for} time of alerts whose state is restored, and least time that they then stay
 *     pending ({@code --rules.alert.for-grace-period})
 */
public record RuleOptions(String externalUrl, Duration resendDelay, Duration outageTolerance, Duration forGracePeriod) {
    public RuleOptions {
        if (externalUrl.endsWith("/")) {
            externalUrl = externalUrl.substring(0, externalUrl.length() - 1);
        }
    }

    /** Prometheus' defaults. */
    public static RuleOptions defaults(String externalUrl) {
        return new RuleOptions(externalUrl, Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofMinutes(10));
    }
}
