// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.Exemplar;

/**
 * An exemplar that was handed to the storage, kept since a target shows it again until there is another.
 *
 * @param fingerprint what the parser made of its bytes
 */
record LastExemplar(long fingerprint, Exemplar exemplar) {}
