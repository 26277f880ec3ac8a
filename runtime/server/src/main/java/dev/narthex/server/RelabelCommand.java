// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.ConfigException;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.PrometheusFiles;
import dev.narthex.config.relabel.RelabelSteps;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.server.command.Command;
import java.util.List;
import java.util.Optional;

/** {@code narthex relabel}: what the steps of a job make of a label set, without running anything. */
final class RelabelCommand {
    private final Console console;

    RelabelCommand(Console console) {
        this.console = console;
    }

    /** Shows the labels after each step; the exit code is 1 where file, job or labels cannot be used. */
    int run(Command.Relabel relabel) {
        LabelsBuilder labels = Labels.builder();
        for (String label : relabel.labels()) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                console.printError("narthex relabel: no label, found \"" + label + "\"; write name=value\n");
                return 1;
            }
            labels.set(label.substring(0, equals), label.substring(equals + 1));
        }
        try {
            List<ScrapeConfig> jobs = new PrometheusFiles(new ConfigLoader(Server::environment))
                    .read(relabel.file())
                    .value()
                    .allScrapeConfigs();
            Optional<ScrapeConfig> job = jobs.stream()
                    .filter(candidate -> candidate.jobName().equals(relabel.job()))
                    .findFirst();
            if (job.isEmpty()) {
                console.printError("narthex relabel: no job \"" + relabel.job() + "\" in " + relabel.file()
                        + "; there are "
                        + String.join(
                                ", ", jobs.stream().map(ScrapeConfig::jobName).toList()) + "\n");
                return 1;
            }
            show(
                    labels.build(),
                    relabel.ofSamples()
                            ? job.get().metricRelabelConfigs()
                            : job.get().relabelConfigs());
            return 0;
        } catch (ConfigException e) {
            console.printError(e.getMessage() + "\n");
            return 1;
        }
    }

    private void show(Labels labels, List<RelabelConfig> steps) {
        console.print("          " + labels + "\n");
        int number = 0;
        for (RelabelSteps.Step step : RelabelSteps.of(labels, steps)) {
            number++;
            console.print("step " + number + ", " + step.rule().action().text() + ": "
                    + (step.keep() ? step.output().toString() : "dropped") + "\n");
            if (!step.keep()) {
                return;
            }
        }
    }
}
