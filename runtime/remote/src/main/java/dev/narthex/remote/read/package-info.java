// SPDX-License-Identifier: Apache-2.0
/** Remote read (Prometheus documentation, "Remote Read API"): samples of this server for others. */
@NullMarked
package dev.narthex.remote.read;

import org.jspecify.annotations.NullMarked;
