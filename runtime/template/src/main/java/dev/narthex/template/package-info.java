// SPDX-License-Identifier: Apache-2.0
/**
 * The template language of annotations and notifications. Parsed templates are immutable.
 */
@NullMarked
package dev.narthex.template;

import org.jspecify.annotations.NullMarked;
