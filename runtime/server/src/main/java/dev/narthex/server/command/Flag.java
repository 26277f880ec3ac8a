// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

/**
 * A flag of a command.
 *
 * @param name without the leading dashes
 * @param form how it is written
 * @param standing what Narthex makes of it
 * @param defaultValue the value where it is not given; empty for none
 * @param help one sentence for people; for a refused flag, what to do instead
 */
record Flag(String name, Form form, Standing standing, String defaultValue, String help) {
    /** How a flag is written. */
    enum Form {
        /** {@code --name=value} or {@code --name value}, once. */
        VALUE,
        /** As VALUE, any number of times. */
        REPEATED,
        /** {@code --name} or {@code --no-name}. */
        SWITCH
    }

    /** What Narthex makes of a flag. */
    enum Standing {
        SUPPORTED,
        /** Tunes something of Prometheus that Narthex does not have: taken, with a warning. */
        WITHOUT_EFFECT,
        /** Asks for something that Narthex does not do: refused. */
        REFUSED
    }

    static Flag value(String name, String defaultValue, String help) {
        return new Flag(name, Form.VALUE, Standing.SUPPORTED, defaultValue, help);
    }

    static Flag repeated(String name, String defaultValue, String help) {
        return new Flag(name, Form.REPEATED, Standing.SUPPORTED, defaultValue, help);
    }

    static Flag toggle(String name, String help) {
        return new Flag(name, Form.SWITCH, Standing.SUPPORTED, "false", help);
    }

    static Flag withoutEffect(String name, Form form) {
        return new Flag(name, form, Standing.WITHOUT_EFFECT, "", "");
    }

    static Flag refused(String name, Form form, String instead) {
        return new Flag(name, form, Standing.REFUSED, "", instead);
    }
}
