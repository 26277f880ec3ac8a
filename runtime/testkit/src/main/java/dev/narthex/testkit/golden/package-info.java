// SPDX-License-Identifier: Apache-2.0
/**
 * Expected results kept as files, refreshed by one flag. Stateless.
 */
@NullMarked
package dev.narthex.testkit.golden;

import org.jspecify.annotations.NullMarked;
