// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.config.yaml.NearName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flags of one command, and the reading of them: {@code --flag=value}, {@code --flag value}, {@code --switch},
 * {@code --no-switch}, {@code -h}; what follows {@code --} is an argument. These are the forms of Prometheus' flags.
 */
final class FlagSet {
    private static final String NEAR = "; did you mean ";

    private final String command;
    private final Map<String, Flag> flags = new LinkedHashMap<>();

    FlagSet(String command, List<Flag> flags) {
        this.command = command;
        for (Flag flag : flags) {
            this.flags.put(flag.name(), flag);
        }
    }

    List<Flag> flags() {
        return List.copyOf(flags.values());
    }

    /**
     * Reads the arguments of the command.
     *
     * @throws CommandLineException when a flag is unknown, misses its value or is given twice
     */
    FlagValues parse(List<String> arguments) throws CommandLineException {
        Map<String, List<String>> given = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                rest.addAll(arguments.subList(i + 1, arguments.size()));
                break;
            }
            if (argument.equals("-h")) {
                add(given, "help", "true");
            } else if (argument.startsWith("--")) {
                boolean hasNext =
                        i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("-");
                if (read(given, argument.substring(2), hasNext ? arguments.get(i + 1) : null)) {
                    i++;
                }
            } else if (argument.startsWith("-") && argument.length() > 1) {
                throw unreadable("unknown short flag '" + argument + "'");
            } else {
                rest.add(argument);
            }
        }
        return new FlagValues(flags, given, rest);
    }

    /** Reads one flag; true when it used up the argument after it. */
    private boolean read(Map<String, List<String>> given, String text, @Nullable String next)
            throws CommandLineException {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String attached = equals < 0 ? null : text.substring(equals + 1);
        Flag flag = flags.get(name);
        if (flag == null && name.startsWith("no-")) {
            Flag positive = flags.get(name.substring(3));
            if (positive != null && positive.form() == Flag.Form.SWITCH) {
                requireNoValue(name, attached);
                add(given, positive.name(), "false");
                return false;
            }
        }
        if (flag == null) {
            throw unknown(name);
        }
        if (flag.form() == Flag.Form.SWITCH) {
            requireNoValue(name, attached);
            add(given, name, "true");
            return false;
        }
        String value = attached == null ? next : attached;
        if (value == null) {
            throw unreadable("expected argument for flag '--" + name + "'");
        }
        add(given, name, value);
        return attached == null;
    }

    private void requireNoValue(String name, @Nullable String attached) throws CommandLineException {
        if (attached != null) {
            throw unreadable("--" + name + ": takes no value, found \"" + attached + "\"; write --" + name + " or "
                    + (name.startsWith("no-") ? "--" + name.substring(3) : "--no-" + name));
        }
    }

    private void add(Map<String, List<String>> given, String name, String value) throws CommandLineException {
        List<String> values = given.computeIfAbsent(name, _ -> new ArrayList<>());
        Flag flag = flags.get(name);
        if (!values.isEmpty() && flag != null && flag.form() == Flag.Form.VALUE) {
            throw CommandLineException.unusable("narthex " + command + ": flag '" + name + "' cannot be repeated");
        }
        values.add(value);
    }

    private CommandLineException unknown(String name) {
        List<String> supported = flags.values().stream()
                .filter(flag -> flag.standing() == Flag.Standing.SUPPORTED)
                .map(Flag::name)
                .toList();
        // Where no name is near, the hint lists them all: the help does that better.
        String hint = NearName.hint(name, supported);
        return unreadable("unknown long flag '--" + name + "'"
                + (hint.startsWith(NEAR) ? NEAR + "--" + hint.substring(NEAR.length()) : ""));
    }

    private CommandLineException unreadable(String problem) {
        return CommandLineException.unreadable(
                "narthex " + command + ": " + problem + "\n\"narthex " + command + " --help\" lists the flags.");
    }
}
