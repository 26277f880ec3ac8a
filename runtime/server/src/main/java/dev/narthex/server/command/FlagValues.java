// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.model.GoFloat;
import dev.narthex.model.PromDuration;
import dev.narthex.server.http.ListenAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Flags with their values, given or default, and the arguments that are no flags. */
final class FlagValues {
    private final Map<String, Flag> flags;
    private final Map<String, List<String>> given;
    private final List<String> arguments;

    FlagValues(Map<String, Flag> flags, Map<String, List<String>> given, List<String> arguments) {
        this.flags = flags;
        this.given = given;
        this.arguments = List.copyOf(arguments);
    }

    /** What was given besides flags. */
    List<String> arguments() {
        return arguments;
    }

    boolean isGiven(String name) {
        return given.containsKey(name);
    }

    /** The value of a flag that is given at most once. */
    String text(String name) {
        return all(name).getLast();
    }

    /** All values of a flag, at least one: the default where none is given. */
    List<String> all(String name) {
        Flag flag = flags.get(name);
        if (flag == null) {
            throw new IllegalArgumentException("no flag --" + name);
        }
        return given.getOrDefault(name, List.of(flag.defaultValue()));
    }

    boolean isOn(String name) {
        return text(name).equals("true");
    }

    /** The same for a flag that not every command has. */
    boolean isOnIfThere(String name) {
        return flags.containsKey(name) && isOn(name);
    }

    /** A duration greater than zero in Prometheus' form. */
    Duration duration(String name) throws CommandLineException {
        String text = text(name);
        try {
            return Duration.ofMillis(PromDuration.parse(text));
        } catch (IllegalArgumentException e) {
            throw unusable(name, e.getMessage() + "; write whole numbers with units, as in 1h30m");
        }
    }

    /** A whole number from 0 on. */
    int natural(String name) throws CommandLineException {
        return text(name).equals("0") ? 0 : positive(name);
    }

    /** A whole number from 1 on; forms like {@code 5e7} are numbers too, as in Prometheus. */
    int positive(String name) throws CommandLineException {
        String text = text(name);
        double number;
        try {
            number = GoFloat.parse(text);
        } catch (NumberFormatException _) {
            number = -1;
        }
        if (number < 1 || number > Integer.MAX_VALUE || number != Math.rint(number)) {
            throw unusable(name, "no whole number from 1 to " + Integer.MAX_VALUE + ", found \"" + text + "\"");
        }
        return (int) number;
    }

    List<ListenAddress> addresses(String name) throws CommandLineException {
        List<ListenAddress> addresses = new ArrayList<>();
        for (String text : all(name)) {
            try {
                addresses.add(ListenAddress.parse(text));
            } catch (IllegalArgumentException e) {
                throw unusable(name, e.getMessage() == null ? text : e.getMessage());
            }
        }
        return addresses;
    }

    static CommandLineException unusable(String name, String problem) {
        return CommandLineException.unusable("--" + name + ": " + problem);
    }

    /**
     * Refuses flags that ask for what Narthex does not do.
     *
     * @throws CommandLineException when there is one
     */
    void refuseUnsupported() throws CommandLineException {
        for (Map.Entry<String, List<String>> entry : given.entrySet()) {
            Flag flag = flags.get(entry.getKey());
            boolean asks = !entry.getValue().getLast().equals("false")
                    && !entry.getValue().getLast().isEmpty();
            if (flag != null && flag.standing() == Flag.Standing.REFUSED && asks) {
                throw unusable(flag.name(), "Narthex does not do this; " + flag.help());
            }
        }
    }

    /** Flags that were given and change nothing. */
    List<String> withoutEffect() {
        return given.keySet().stream()
                .filter(name -> {
                    Flag flag = flags.get(name);
                    return flag != null && flag.standing() == Flag.Standing.WITHOUT_EFFECT;
                })
                .toList();
    }

    /** The values of all supported flags by name, as {@code /api/v1/status/flags} shows them. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        for (Flag flag : flags.values()) {
            boolean hidden = flag.standing() != Flag.Standing.SUPPORTED
                    || flag.name().equals("help")
                    || flag.name().equals("version");
            if (!hidden) {
                shown.put(flag.name(), String.join(",", all(flag.name())));
            }
        }
        return shown;
    }
}
