// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.config.file.ByteSize;
import dev.narthex.config.file.GoDurationText;
import dev.narthex.model.GoFloat;
import dev.narthex.model.PromDuration;
import dev.narthex.template.GoDuration;

/** What the value of a flag is; each writes a value in one form, as Prometheus shows it. */
enum FlagKind {
    TEXT {
        @Override
        String shown(String text) {
            return text;
        }
    },
    /** {@code 1h30m}. */
    DURATION {
        @Override
        String shown(String text) {
            return PromDuration.format(PromDuration.parse(text));
        }
    },
    /** {@code 2ms}, {@code 1.5s}. */
    GO_DURATION {
        @Override
        String shown(String text) {
            return new GoDuration(GoDurationText.parse(text).toNanos()).toString();
        }
    },
    /** {@code 512MB}. */
    BYTES {
        @Override
        String shown(String text) {
            return ByteSize.format(ByteSize.parse(text));
        }
    },
    /** {@code 5e7}. */
    WHOLE_NUMBER {
        @Override
        String shown(String text) {
            return Long.toString((long) GoFloat.parse(text));
        }
    },
    NUMBER {
        @Override
        String shown(String text) {
            return GoFloat.general(GoFloat.parse(text));
        }
    };

    /**
     * The value in the form in which it is shown.
     *
     * @throws IllegalArgumentException when it is none of this kind
     */
    abstract String shown(String text);
}
