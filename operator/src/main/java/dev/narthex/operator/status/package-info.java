// SPDX-License-Identifier: Apache-2.0
/** The status of resources as it follows from verdicts and reports: pure functions without a client, stateless. */
@NullMarked
package dev.narthex.operator.status;

import org.jspecify.annotations.NullMarked;
