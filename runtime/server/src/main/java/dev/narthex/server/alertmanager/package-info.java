// SPDX-License-Identifier: Apache-2.0
/**
 * The answers of Alertmanager's HTTP API, version 2 ({@code /api/v2}; its OpenAPI definition is the contract): alerts,
 * groups, silences, receivers, status. Handlers know no Vert.x but its JSON. Safe for use by many threads.
 */
@NullMarked
package dev.narthex.server.alertmanager;

import org.jspecify.annotations.NullMarked;
