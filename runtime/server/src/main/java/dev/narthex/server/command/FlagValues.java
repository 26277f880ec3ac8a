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

    /** Whether the command has the flag at all. */
    boolean has(String name) {
        return flags.containsKey(name);
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
                // As a Prometheus, which finds out when it begins to listen.
                throw CommandLineException.unreadable("--" + name + ": " + e.getMessage());
            }
        }
        return addresses;
    }

    static CommandLineException unusable(String name, String problem) {
        return CommandLineException.unusable("--" + name + ": " + problem);
    }

    /**
     * Refuses flags that ask for what Narthex does not do, and values that are none of their kind, those of flags without
     * effect too.
     *
     * @throws CommandLineException when there is one
     */
    void refuseUnsupported() throws CommandLineException {
        refuseBadValues();
        refuseOtherModes();
        for (Map.Entry<String, List<String>> entry : given.entrySet()) {
            Flag flag = flags.get(entry.getKey());
            boolean asks = !entry.getValue().getLast().equals("false")
                    && !entry.getValue().getLast().isEmpty();
            if (flag != null && flag.standing() == Flag.Standing.REFUSED && asks) {
                throw unusable(flag.name(), "Narthex does not do this; " + flag.help());
            }
        }
    }

    private void refuseBadValues() throws CommandLineException {
        for (Map.Entry<String, List<String>> entry : given.entrySet()) {
            Flag flag = flags.get(entry.getKey());
            for (String value : entry.getValue()) {
                if (flag == null || isOfKind(flag, value)) {
                    continue;
                }
                switch (flag.kind()) {
                    case DURATION -> {
                        Duration _ = duration(flag.name()); // says what is wrong
                    }
                    case GO_DURATION -> throw unusable(flag.name(), "no duration, found \"" + value + "\"; write 1.5s");
                    case BYTES -> throw unusable(flag.name(), "no size, found \"" + value + "\"; write 512MB");
                    case WHOLE_NUMBER, NUMBER, TEXT ->
                        throw unusable(flag.name(), "no number, found \"" + value + "\"");
                }
            }
        }
    }

    private static boolean isOfKind(Flag flag, String value) {
        try {
            return !flag.kind().shown(value).isEmpty() || value.isEmpty() || flag.kind() == FlagKind.TEXT;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** In the words of Prometheus, with its exit code. */
    private void refuseOtherModes() throws CommandLineException {
        List<String> names = given.keySet().stream()
                .filter(name -> {
                    Flag flag = flags.get(name);
                    return flag != null && flag.standing() == Flag.Standing.AGENT;
                })
                .map(name -> "\"--" + name + "\"")
                .toList();
        if (!names.isEmpty() && !isOnIfThere("agent")) {
            throw new CommandLineException(
                    CommandLineException.OTHER_MODE,
                    "The following flag(s) can only be used in agent mode: [" + String.join(" ", names) + "]");
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

    /** The values of all flags by name in the form of Prometheus, as {@code /api/v1/status/flags} shows them. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        for (Flag flag : flags.values()) {
            if (!flag.name().equals("help") && !flag.name().equals("version")) {
                shown.put(
                        flag.name(),
                        String.join(
                                ",",
                                all(flag.name()).stream()
                                        .map(value -> value.isEmpty()
                                                ? ""
                                                : flag.kind().shown(value))
                                        .toList()));
            }
        }
        return shown;
    }
}
