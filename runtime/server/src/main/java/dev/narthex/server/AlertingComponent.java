// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.alerting.Alerting;
import dev.narthex.alerting.AlertingOptions;
import dev.narthex.alerting.JdkHttpPoster;
import dev.narthex.config.Configuration;
import dev.narthex.memory.LocalFiles;
import dev.narthex.model.time.Scheduler;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.lifecycle.Component;
import java.nio.file.Path;
import java.time.Duration;

/** Alerting with all it needs. Its notification log lies beside the samples. */
final class AlertingComponent implements Component {
    private final JdkHttpPoster http = new JdkHttpPoster("Narthex/" + BuildVersion.version());
    private final Alerting alerting;

    AlertingComponent(ExternalAddress external, Scheduler scheduler, Path directory) {
        alerting = new Alerting(new AlertingOptions(external.url(), http, scheduler, new LocalFiles(), directory));
    }

    @Override
    public String name() {
        return "alerting";
    }

    Alerting alerting() {
        return alerting;
    }

    void apply(Configuration configuration) {
        alerting.apply(configuration.alertmanager());
    }

    @Override
    public void start() {}

    @Override
    public void stop(Duration deadline) {
        alerting.close();
        http.close();
    }
}
