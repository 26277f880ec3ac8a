// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

/**
 * A resource record of an answer.
 *
 * @param target an address, or a name with a dot at its end
 * @param port of SRV records, 0 for others
 */
record DnsRecord(String target, int port) {}
