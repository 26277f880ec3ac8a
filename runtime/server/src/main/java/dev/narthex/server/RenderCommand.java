// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.server.command.Command;

final class RenderCommand {
    private final Console console;

    RenderCommand(Console console) {
        this.console = console;
    }

    int run(Command.Render render) {
        console.print(render.toString());
        return 0;
    }
}
