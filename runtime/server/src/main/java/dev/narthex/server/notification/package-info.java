// SPDX-License-Identifier: Apache-2.0
/** What the server tells the people who look at its pages. */
@NullMarked
package dev.narthex.server.notification;

import org.jspecify.annotations.NullMarked;
