// SPDX-License-Identifier: Apache-2.0
/**
 * What the server says of itself at {@code /metrics}, under the names that Prometheus and Alertmanager use for the same
 * things. Instruments are updated by many threads without locks; a page is written by one.
 */
@NullMarked
package dev.narthex.server.metrics;

import org.jspecify.annotations.NullMarked;
