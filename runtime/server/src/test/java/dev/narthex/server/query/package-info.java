// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.narthex.server.query;

import org.jspecify.annotations.NullMarked;
