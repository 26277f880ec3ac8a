// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

/**
 * A value of a template that is more than a constant. The values of templates are null, {@link Boolean}, {@link Long}
 * (Go's {@code int}), {@link Double}, {@link String} and these.
 */
public sealed interface GoValue permits GoMap, GoList, GoStruct, GoTime, GoDuration, GoComplex {
    /** The name of its type in Go, which messages and {@code %T} show. */
    String goType();
}
