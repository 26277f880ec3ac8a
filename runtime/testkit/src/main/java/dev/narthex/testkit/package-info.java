// SPDX-License-Identifier: Apache-2.0
/**
 * What tests of every room share. Each type states its own threading rule.
 */
@NullMarked
package dev.narthex.testkit;

import org.jspecify.annotations.NullMarked;
