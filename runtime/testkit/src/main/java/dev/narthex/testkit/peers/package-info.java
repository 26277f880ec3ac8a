// SPDX-License-Identifier: Apache-2.0
/**
 * The real Prometheus, promtool, Alertmanager and amtool, where this machine has them. A running peer may be used by
 * many threads.
 */
@NullMarked
package dev.narthex.testkit.peers;

import org.jspecify.annotations.NullMarked;
