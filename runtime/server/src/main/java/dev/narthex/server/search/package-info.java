// SPDX-License-Identifier: Apache-2.0
/** Searches names and values by terms that need not be met to the letter. */
@org.jspecify.annotations.NullMarked
package dev.narthex.server.search;
