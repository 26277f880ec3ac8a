// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.model.time.SystemScheduler;
import dev.narthex.server.client.QueryCommand;
import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.server.command.CommandLineException;
import dev.narthex.server.offline.TsdbCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Where the program begins: reads the command line, and starts Quarkus for the commands that serve something. */
@QuarkusMain
public final class NarthexMain {
    private NarthexMain() {}

    public static void main(String... arguments) {
        Console console = Console.system();
        try {
            Command command = CommandLine.parse(arguments);
            // Not by the switch: the first one by type that a JVM comes to costs a start 25 ms.
            if (command instanceof Command.Serving serving) {
                serve(serving, arguments);
                return;
            }
            switch (command) {
                case Command.Print print -> console.print(print.text());
                case Command.Render render -> System.exit(new RenderCommand(console).run(render));
                case Command.PromqlTest test -> System.exit(new PromqlTestCommand(console).run(test.files()));
                case Command.Check check -> System.exit(new CheckCommand(console).run(check));
                case Command.CheckWebConfig check -> System.exit(new WebConfigCheck(console).run(check.files()));
                case Command.CheckMetrics check -> System.exit(new MetricsCheck(console).run(check, System.in));
                case Command.CheckServiceDiscovery check -> System.exit(new ServiceDiscoveryCheck(console).run(check));
                case Command.Relabel relabel -> System.exit(new RelabelCommand(console).run(relabel));
                case Command.OfTsdb tsdb -> System.exit(run(tsdb, console));
                case Command.Query query ->
                    System.exit(new QueryCommand(console::print, console::printError).run(query));
                case Command.Serving serving -> serve(serving, arguments);
            }
        } catch (CommandLineException e) {
            console.printError(e.getMessage() + "\n");
            System.exit(e.exitCode());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            System.exit(1);
        }
    }

    private static int run(Command.OfTsdb command, Console console) {
        try (SystemScheduler scheduler = new SystemScheduler("narthex")) {
            return new TsdbCommand(scheduler.clock(), console::print, console::printError).run(command);
        }
    }

    private static void serve(Command.Serving command, String... arguments) {
        // Read by Quarkus while it starts; there is no later moment to say it.
        System.setProperty("quarkus.log.category.\"dev.narthex\".level", command.logLevel());
        Quarkus.run(NarthexApplication.class, arguments);
    }
}
