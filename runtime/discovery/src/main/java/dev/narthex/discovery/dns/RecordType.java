// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

/** A type of resource record that targets are made of, with its number (RFC 1035, 2782, 3596). */
enum RecordType {
    A(1),
    NS(2),
    MX(15),
    AAAA(28),
    SRV(33);

    private final int number;

    RecordType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
