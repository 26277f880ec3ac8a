// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

/**
 * A flag of a command.
 *
 * @param name without the leading dashes
 * @param form how it is written
 * @param kind what its value is
 * @param standing what Narthex makes of it
 * @param defaultValue the value where it is not given; empty for none
 * @param help one sentence for people; for a refused flag, what to do instead
 */
record Flag(String name, Form form, FlagKind kind, Standing standing, String defaultValue, String help) {
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
        /** The same, and not in the help, as in Prometheus. */
        UNLISTED,
        /** Tunes something of Prometheus that Narthex does not have: taken, with a warning. */
        WITHOUT_EFFECT,
        /** Asks for something that Narthex does not do: refused. */
        REFUSED,
        /** Belongs to a mode that Narthex does not have: refused. */
        AGENT
    }

    static Flag value(String name, String defaultValue, String help) {
        return of(FlagKind.TEXT, name, defaultValue, help);
    }

    static Flag of(FlagKind kind, String name, String defaultValue, String help) {
        return new Flag(name, Form.VALUE, kind, Standing.SUPPORTED, defaultValue, help);
    }

    static Flag duration(String name, String defaultValue, String help) {
        return of(FlagKind.DURATION, name, defaultValue, help);
    }

    static Flag number(String name, String defaultValue, String help) {
        return of(FlagKind.WHOLE_NUMBER, name, defaultValue, help);
    }

    static Flag repeated(String name, String defaultValue, String help) {
        return new Flag(name, Form.REPEATED, FlagKind.TEXT, Standing.SUPPORTED, defaultValue, help);
    }

    static Flag toggle(String name, String help) {
        return new Flag(name, Form.SWITCH, FlagKind.TEXT, Standing.SUPPORTED, "false", help);
    }

    /** A switch that is on unless it is switched off. */
    static Flag toggleOff(String name, String help) {
        return new Flag(name, Form.SWITCH, FlagKind.TEXT, Standing.SUPPORTED, "true", help);
    }

    static Flag withoutEffect(FlagKind kind, String name, String defaultValue) {
        return new Flag(name, Form.VALUE, kind, Standing.WITHOUT_EFFECT, defaultValue, "");
    }

    static Flag withoutEffect(String name, boolean isOn) {
        return new Flag(name, Form.SWITCH, FlagKind.TEXT, Standing.WITHOUT_EFFECT, Boolean.toString(isOn), "");
    }

    static Flag refused(FlagKind kind, String name, String defaultValue, String instead) {
        return new Flag(name, Form.VALUE, kind, Standing.REFUSED, defaultValue, instead);
    }

    static Flag refused(String name, boolean isOn, String instead) {
        return new Flag(name, Form.SWITCH, FlagKind.TEXT, Standing.REFUSED, Boolean.toString(isOn), instead);
    }

    static Flag ofAgent(FlagKind kind, String name, String defaultValue) {
        return new Flag(name, Form.VALUE, kind, Standing.AGENT, defaultValue, "");
    }

    static Flag ofAgent(String name, boolean isOn) {
        return new Flag(name, Form.SWITCH, FlagKind.TEXT, Standing.AGENT, Boolean.toString(isOn), "");
    }

    /** The same flag, left out of the help. */
    Flag unlisted() {
        return new Flag(name, form, kind, Standing.UNLISTED, defaultValue, help);
    }
}
