// SPDX-License-Identifier: Apache-2.0
/** Tests of the reports. */
@NullMarked
package dev.narthex.operator.report;

import org.jspecify.annotations.NullMarked;
