// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The texts of the symbols that came up last. For one thread. */
final class SymbolCache {
    private static final int SIZE = 1 << 12;

    private final SymbolTable symbols;
    private final PageReader in;
    private final long[] keys = new long[SIZE];
    private final @Nullable String[] texts = new String[SIZE];

    SymbolCache(SymbolTable symbols, PageReader in) {
        this.symbols = symbols;
        this.in = in;
    }

    String text(long symbol) throws IOException {
        int place = (int) (symbol ^ symbol >>> 12) & (SIZE - 1);
        String known = texts[place];
        if (known != null && keys[place] == symbol) {
            return known;
        }
        String text = symbols.text(in, symbol);
        keys[place] = symbol;
        texts[place] = text;
        return text;
    }
}
