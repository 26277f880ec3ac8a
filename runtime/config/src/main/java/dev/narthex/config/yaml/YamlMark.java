// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

/** A place in a text: how many code points stand before it, its line and its column, counted from 0. */
record YamlMark(int index, int line, int column) {
    static final YamlMark START = new YamlMark(0, 0, 0);
}
