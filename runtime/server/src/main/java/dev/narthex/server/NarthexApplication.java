// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.ConfigurationFiles;
import dev.narthex.discovery.kubernetes.KubernetesAccess;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.server.command.CommandLineException;
import dev.narthex.server.command.ConfigurationOptions;
import dev.narthex.server.configuration.ConfigurationControl;
import dev.narthex.server.configuration.ConfigurationSource;
import dev.narthex.server.configuration.FileSource;
import dev.narthex.server.configuration.SecretSource;
import dev.narthex.server.configuration.UnusableConfigurationException;
import dev.narthex.server.demo.DemoService;
import dev.narthex.server.lifecycle.Component;
import dev.narthex.server.lifecycle.Lifecycle;
import dev.narthex.server.log.JsonLines;
import dev.narthex.server.receiver.PrintingReceiver;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs a command that serves something until the process is told to end. */
public final class NarthexApplication implements QuarkusApplication {
    private static final Logger log = Logger.getLogger(NarthexApplication.class);

    /** Kubernetes gives thirty seconds before it kills. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

    /** What the process does; null before it is known. */
    private static final AtomicReference<@Nullable Lifecycle> driven = new AtomicReference<>();

    private final Vertx vertx;

    NarthexApplication(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public int run(String... arguments) throws InterruptedException {
        Console console = Console.system();
        try (SystemScheduler scheduler = new SystemScheduler("narthex")) {
            Command command = CommandLine.parse(arguments);
            if ((command instanceof Command.Run run && run.server().jsonLog())
                    || (command instanceof Command.Up up && up.server().jsonLog())) {
                JsonLines.install();
            }
            List<Component> components = components(command, scheduler, console);
            return serve(new Lifecycle(components, scheduler.ticker()));
        } catch (CommandLineException e) {
            console.printError(e.getMessage() + "\n");
            return e.exitCode();
        }
    }

    @SuppressWarnings("IfChainToSwitch") // the first switch by type that a JVM comes to costs a start 25 ms
    private List<Component> components(Command command, SystemScheduler scheduler, Console console)
            throws CommandLineException {
        if (command instanceof Command.Run run) {
            return run(run, scheduler);
        } else if (command instanceof Command.Up up) {
            return new UpCommand(vertx, scheduler, console).components(up);
        } else if (command instanceof Command.Demo demo) {
            return List.of(new DemoService(vertx, scheduler, demo.options()));
        } else if (command instanceof Command.Receiver receiver) {
            return List.of(new PrintingReceiver(vertx, receiver.address(), scheduler.ticker(), console::print));
        }
        return List.of();
    }

    private List<Component> run(Command.Run run, SystemScheduler scheduler) throws CommandLineException {
        Configuration read = run.configuration() instanceof ConfigurationOptions.OfFiles files
                ? read(files, Server.configLoader(run.server()))
                : null;
        run.withoutEffect().forEach(flag -> log.warnf("flag without effect flag=--%s", flag));
        Server server = new Server(
                run.server(),
                vertx,
                scheduler,
                Server.guard(run.server(), scheduler),
                List.of(),
                control -> source(run.configuration(), Server.configLoader(run.server()), read, control, scheduler),
                NarthexApplication::end);
        ProcessSignals.on("HUP", server::reload);
        return List.of(server);
    }

    /** Refuses files that cannot be used before anything is touched, the data directory above all. */
    private static Configuration read(ConfigurationOptions.OfFiles files, ConfigLoader loader)
            throws CommandLineException {
        try {
            return new ConfigurationFiles(loader).load(files.prometheus(), Optional.ofNullable(files.alertmanager()));
        } catch (ConfigException e) {
            throw new CommandLineException(CommandLineException.UNUSABLE, String.valueOf(e.getMessage()));
        }
    }

    private static ConfigurationSource source(
            ConfigurationOptions options,
            ConfigLoader loader,
            @Nullable Configuration read,
            ConfigurationControl control,
            SystemScheduler scheduler) {
        if (options instanceof ConfigurationOptions.OfFiles files) {
            return new FileSource(
                    new ConfigurationFiles(loader),
                    files.prometheus(),
                    files.alertmanager(),
                    read,
                    control,
                    scheduler,
                    files.reloadInterval());
        }
        ConfigurationOptions.OfSecrets secrets = (ConfigurationOptions.OfSecrets) options;
        return new SecretSource(
                secrets.namespace(),
                secrets.name(),
                secrets.mountedCopy(),
                control,
                scheduler,
                KubernetesAccess.automatic());
    }

    /** Asks the process to end; whatever it is doing, and from any thread. */
    static void end() {
        Quarkus.asyncExit(0);
        Lifecycle lifecycle = driven.get();
        if (lifecycle != null) {
            // On a thread of its own: who asks may be one of those that are waited for.
            Thread.ofPlatform().name("end").daemon().start(() -> giveUp(lifecycle));
        }
    }

    private static void giveUp(Lifecycle lifecycle) {
        try {
            lifecycle.giveUpStarting();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static int serve(Lifecycle lifecycle) throws InterruptedException {
        driven.set(lifecycle);
        for (String signal : List.of("TERM", "INT")) {
            ProcessSignals.on(signal, () -> {
                log.infof("stopping signal=%s", signal);
                end();
            });
        }
        try {
            lifecycle.start(STOP_LIMIT);
        } catch (UnusableConfigurationException e) {
            log.errorf("configuration not loaded err=%s", e.getMessage());
            return CommandLineException.UNUSABLE;
        } catch (IOException e) {
            if (lifecycle.isGivenUp()) {
                log.infof("stopped before it was ready: %s", e.getMessage());
                return 0;
            }
            // It says itself what is wrong; where in the program that was seen is of no use to a user.
            log.errorf("start failed err=%s", e.getMessage() == null ? e : e.getMessage());
            log.debug("start failed", e);
            return 1;
        }
        Quarkus.waitForExit();
        List<Throwable> failures = lifecycle.stop(STOP_LIMIT);
        log.infof("stopped failures=%d", failures.size());
        return failures.isEmpty() ? 0 : 1;
    }
}
