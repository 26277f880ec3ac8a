// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.model.PromDuration;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLineException;
import dev.narthex.server.command.ServerOptions;
import dev.narthex.server.demo.DemoService;
import dev.narthex.server.lifecycle.Component;
import dev.narthex.server.manifests.FolderSource;
import dev.narthex.server.receiver.PrintingReceiver;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code narthex up}: the server on a folder of manifests, with what the examples need beside it. */
final class UpCommand {
    private final Vertx vertx;
    private final SystemScheduler scheduler;
    private final Console console;

    UpCommand(Vertx vertx, SystemScheduler scheduler, Console console) {
        this.vertx = vertx;
        this.scheduler = scheduler;
        this.console = console;
    }

    /** The components, in the order in which they start. */
    List<Component> components(Command.Up up) throws CommandLineException {
        Path directory = up.directory();
        if (!Files.isDirectory(directory)) {
            throw new CommandLineException(
                    CommandLineException.UNUSABLE,
                    "narthex up: no such folder, found \"" + directory + "\"; name a folder with manifests");
        }
        DemoService demo = new DemoService(vertx, scheduler, up.demo());
        PrintingReceiver receiver = new PrintingReceiver(vertx, up.receiver(), scheduler.ticker(), console::print);
        Companions companions = new Companions(
                new Companions.Companion(up.demo().address().toString(), demo),
                new Companions.Companion(up.receiver().toString(), receiver));
        ServerOptions options = withRetention(up.server(), directory);
        Server server = new Server(
                options,
                vertx,
                scheduler,
                Server.guard(options, scheduler),
                List.of(companions::apply),
                control -> new FolderSource(directory, control, scheduler, console::print),
                NarthexApplication::end);
        ProcessSignals.on("HUP", server::reload);
        return List.of(companions, server, new Greeting(up, options, server, companions, demo, receiver));
    }

    /** The retention of the folder's StorageVolume, unless the command line says otherwise. */
    private static ServerOptions withRetention(ServerOptions options, Path directory) throws CommandLineException {
        try {
            String retention = FolderSource.compile(directory).retentionTime();
            return retention.isEmpty() || options.isRetentionGiven()
                    ? options
                    : options.withRetention(Duration.ofMillis(PromDuration.parse(retention)));
        } catch (IOException e) {
            throw new CommandLineException(
                    CommandLineException.UNUSABLE, "narthex up: " + directory + " cannot be read: " + e);
        }
    }

    /** Says where everything is, once it is there. */
    private final class Greeting implements Component {
        private final Command.Up up;
        private final ServerOptions options;
        private final Server server;
        private final Companions companions;
        private final DemoService demo;
        private final PrintingReceiver receiver;

        Greeting(
                Command.Up up,
                ServerOptions options,
                Server server,
                Companions companions,
                DemoService demo,
                PrintingReceiver receiver) {
            this.up = up;
            this.options = options;
            this.server = server;
            this.companions = companions;
            this.demo = demo;
            this.receiver = receiver;
        }

        @Override
        public String name() {
            return "greeting";
        }

        @Override
        public void start() {
            StringBuilder text =
                    new StringBuilder("\nNarthex is up: ").append(server.url()).append("/\n\n");
            line(text, "manifests", up.directory() + "  (watched: edit them while it runs)");
            line(text, "data", options.dataDirectory().toString());
            if (companions.runsDemo()) {
                line(text, "demo", demo.url() + "/metrics  (curl -X POST " + demo.url() + "/fault/on|off)");
            }
            if (companions.runsReceiver()) {
                line(text, "receiver", receiver.url() + "  (prints notifications here)");
            }
            text.append("\nOpen the first URL; stop with Ctrl+C.\n\n");
            console.print(text.toString());
        }

        private static void line(StringBuilder text, String what, String where) {
            text.append("  ")
                    .append(what)
                    .append(" ".repeat(11 - what.length()))
                    .append(where)
                    .append('\n');
        }

        @Override
        public void stop(Duration deadline) {}
    }
}
