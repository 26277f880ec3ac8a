// SPDX-License-Identifier: Apache-2.0
/**
 * Alertmanager in the process: routes, groups and notifications. Alerts come in from any thread.
 */
@NullMarked
package dev.narthex.alerting;

import org.jspecify.annotations.NullMarked;
