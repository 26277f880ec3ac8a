// SPDX-License-Identifier: Apache-2.0
/** Commands that ask a running server over HTTP, as promtool does. */
@NullMarked
package dev.narthex.server.client;

import org.jspecify.annotations.NullMarked;
