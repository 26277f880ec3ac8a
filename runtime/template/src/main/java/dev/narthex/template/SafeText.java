// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

/**
 * Text that {@code safeHtml} marked as safe; in a text template it is just text.
 *
 * @param text the text
 */
record SafeText(String text) {}
