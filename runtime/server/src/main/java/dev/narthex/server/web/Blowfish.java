// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The cipher Blowfish with the key schedule of bcrypt. For one thread. */
final class Blowfish {
    static final int BLOCK_BYTES = 8;

    private static final int ROUNDS = 16;
    private static final int SUBKEYS = ROUNDS + 2;
    private static final int BOX = 256;
    private static final int BOXES = 4 * BOX;
    private static final int[] START = PiDigits.words(SUBKEYS + BOXES);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Subkeys, then the boxes one behind the other. */
    private final int[] state = START.clone();

    private int left;
    private int right;

    /** Mixes a key and a salt into the state. */
    void expand(byte[] salt, byte[] key) {
        int at = 0;
        for (int i = 0; i < SUBKEYS; i++) {
            int word = 0;
            for (int b = 0; b < Integer.BYTES; b++) {
                word = (word << Byte.SIZE) | (key[at] & 0xff);
                at = at + 1 == key.length ? 0 : at + 1;
            }
            state[i] ^= word;
        }
        left = 0;
        right = 0;
        int half = 0;
        for (int i = 0; i < state.length; i += 2) {
            left ^= (int) INT.get(salt, half);
            right ^= (int) INT.get(salt, half + Integer.BYTES);
            half ^= BLOCK_BYTES;
            encrypt();
            state[i] = left;
            state[i + 1] = right;
        }
    }

    /** Encrypts eight bytes in place. */
    void encrypt(byte[] bytes, int at) {
        left = (int) INT.get(bytes, at);
        right = (int) INT.get(bytes, at + Integer.BYTES);
        encrypt();
        INT.set(bytes, at, left);
        INT.set(bytes, at + Integer.BYTES, right);
    }

    private void encrypt() {
        int[] s = state;
        int l = left;
        int r = right;
        for (int i = 0; i < ROUNDS; i += 2) {
            l ^= s[i];
            r ^= mixed(s, l);
            r ^= s[i + 1];
            l ^= mixed(s, r);
        }
        left = r ^ s[ROUNDS + 1];
        right = l ^ s[ROUNDS];
    }

    private static int mixed(int[] s, int x) {
        int sum = s[SUBKEYS + (x >>> 24)] + s[SUBKEYS + BOX + ((x >>> 16) & 0xff)];
        return (sum ^ s[SUBKEYS + 2 * BOX + ((x >>> 8) & 0xff)]) + s[SUBKEYS + 3 * BOX + (x & 0xff)];
    }
}
