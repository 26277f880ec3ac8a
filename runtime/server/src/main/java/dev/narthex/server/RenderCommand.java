// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.ConfigWriter;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLineException;
import dev.narthex.server.manifests.FolderSource;
import java.io.IOException;
import java.util.Map;

/** {@code narthex config render}: what a folder of manifests comes to, in the files of Prometheus and Alertmanager. */
final class RenderCommand {
    private final Console console;

    RenderCommand(Console console) {
        this.console = console;
    }

    /** Prints, and gives the exit code: not 0 where a manifest was refused. */
    int run(Command.Render render) {
        try {
            FolderSource.Compiled compiled = FolderSource.compile(render.directory());
            compiled.notes().forEach(note -> console.printError(note + "\n"));
            Configuration configuration = new ConfigurationAssembler(new ConfigLoader(Server::environment))
                    .assemble(compiled.sections(), Map.of())
                    .configuration();
            ConfigWriter writer = ConfigWriter.withSecrets();
            console.print(
                    switch (render.format()) {
                        case PROMETHEUS -> writer.prometheus(configuration.prometheus());
                        case RULES -> writer.rules(configuration.ruleGroups());
                        case ALERTMANAGER -> writer.alertmanager(configuration.alertmanager());
                    });
            return compiled.notes().stream().anyMatch(note -> note.startsWith("refused"))
                    ? CommandLineException.UNUSABLE
                    : 0;
        } catch (IOException e) {
            console.printError("narthex config render: " + render.directory() + " cannot be read: " + e
                    + "; name a folder with manifests\n");
            return CommandLineException.UNUSABLE;
        }
    }
}
