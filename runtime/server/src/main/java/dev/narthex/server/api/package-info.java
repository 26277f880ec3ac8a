// SPDX-License-Identifier: Apache-2.0
/**
 * The answers of the HTTP API: Prometheus' {@code /api/v1}, and Narthex' own report on its resources. Handlers know no
 * Vert.x: a test hands them a request and reads the JSON. Safe for use by many threads.
 */
@NullMarked
package dev.narthex.server.api;

import org.jspecify.annotations.NullMarked;
