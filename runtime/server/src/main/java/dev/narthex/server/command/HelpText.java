// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import java.util.List;

/** The texts that {@code --help} prints. */
final class HelpText {
    private static final int INDENT = 6;
    private static final int WIDTH = 100;

    private HelpText() {}

    /** The commands, one line each. */
    static String commands() {
        return """
                usage: narthex COMMAND [ARGUMENTS]

                  run FLAGS            the server, with Prometheus' flags
                  up [DIR]             the server on a folder of manifests, with a demo and a receiver that prints
                  demo                 the demo service alone
                  receiver             the printing receiver alone
                  config render [DIR]  print what manifests come to, as prometheus.yml and alertmanager.yml
                  promqltest FILE...   run files in Prometheus' language for tests of PromQL
                  check config FILE    say whether a prometheus.yml is good, as promtool does
                  check rules FILE     say whether rule files are good
                  check web-config FILE  say whether a file of --web.config.file is good
                  check metrics        compare an exposition on standard input with the conventions
                  check service-discovery  show what targets a job finds, and what relabelling makes of them
                  relabel FILE         show what relabelling makes of a label set, step by step
                  tsdb COMMAND         list, analyze or dump a data directory, make blocks of samples
                  query instant SERVER EXPR, query range SERVER EXPR, query series SERVER, query labels SERVER NAME
                                       ask a running server, as promtool does
                  version              print the version
                  help                 print this

                "narthex COMMAND --help" lists the flags of a command.
                """;
    }

    /** A command's usage and its flags; those that are refused or without effect are left out. */
    static String of(String usage, List<Flag> flags) {
        StringBuilder text = new StringBuilder("usage: ").append(usage).append("\n\n");
        for (Flag flag : flags) {
            if (flag.standing() == Flag.Standing.SUPPORTED) {
                append(text, flag);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Flag flag) {
        String dashes = flag.form() == Flag.Form.SWITCH ? "  --[no-]" : "  --";
        text.append(dashes).append(flag.name());
        if (flag.form() != Flag.Form.SWITCH) {
            text.append('=').append(flag.defaultValue().isEmpty() ? "…" : flag.defaultValue());
        }
        if (flag.form() == Flag.Form.REPEATED) {
            text.append(" ...");
        }
        text.append('\n');
        int column = WIDTH;
        for (String word : flag.help().split(" ", -1)) {
            if (column + word.length() + 1 > WIDTH) {
                text.append(column == WIDTH ? "" : "\n").append(" ".repeat(INDENT - 1));
                column = INDENT - 1;
            }
            text.append(' ').append(word);
            column += word.length() + 1;
        }
        text.append('\n');
    }
}
