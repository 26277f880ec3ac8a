// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.util.Arrays;

/**
 * The code for texts in header fields of HTTP/2 (RFC 7541, section 5.2 and appendix B). It is canonical: codes of one length
 * follow each other in the order of their symbols, so that the lengths say all.
 */
final class Huffman {
    /** Of each byte and of the end of a text: the length of its code in bits, from A for 5 on. */
    private static final String LENGTHS = "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCC"
            + "CCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQ"
            + "SRSSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

    private static final int END = 256;
    private static final int MIN_BITS = 5;
    private static final int MAX_BITS = 30;
    private static final int MAX_PADDING_BITS = 7;
    /** By node and bit: the next node, or, as its complement, a symbol. */
    private static final int[][] NODES = nodes();

    private Huffman() {}

    private static int[][] nodes() {
        int[][] nodes = new int[END + 1][2];
        int used = 1;
        int code = 0;
        for (int bits = MIN_BITS; bits <= MAX_BITS; bits++) {
            for (int symbol = 0; symbol <= END; symbol++) {
                if (LENGTHS.charAt(symbol) - 'A' + MIN_BITS != bits) {
                    continue;
                }
                int node = 0;
                for (int bit = bits - 1; bit > 0; bit--) {
                    int way = code >> bit & 1;
                    if (nodes[node][way] == 0) {
                        nodes[node][way] = used++;
                    }
                    node = nodes[node][way];
                }
                nodes[node][code & 1] = ~symbol;
                code++;
            }
            code <<= 1;
        }
        return nodes;
    }

    /**
     * The text that bytes stand for.
     *
     * @throws IOException where they are no such code
     */
    static byte[] decoded(byte[] bytes, int from, int to) throws IOException {
        byte[] text = new byte[8 * (to - from) / MIN_BITS + 1];
        int length = 0;
        int node = 0;
        int pending = 0;
        boolean ones = true;
        for (int i = 8 * from; i < 8 * to; i++) {
            int bit = bytes[i >> 3] >> (7 - (i & 7)) & 1;
            node = NODES[node][bit];
            pending++;
            ones &= bit == 1;
            if (node < 0) {
                if (~node == END) {
                    throw Http2Exception.compression();
                }
                text[length++] = (byte) ~node;
                node = 0;
                pending = 0;
                ones = true;
            }
        }
        if (pending > MAX_PADDING_BITS || !ones) {
            throw Http2Exception.compression();
        }
        return Arrays.copyOf(text, length);
    }
}
