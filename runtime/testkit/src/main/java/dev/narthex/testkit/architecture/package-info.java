// SPDX-License-Identifier: Apache-2.0
/**
 * The rules of the house that the compiler cannot see, checked on class files. Stateless.
 */
@NullMarked
package dev.narthex.testkit.architecture;

import org.jspecify.annotations.NullMarked;
