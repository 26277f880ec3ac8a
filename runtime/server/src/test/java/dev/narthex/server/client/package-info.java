// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.narthex.server.client;

import org.jspecify.annotations.NullMarked;
