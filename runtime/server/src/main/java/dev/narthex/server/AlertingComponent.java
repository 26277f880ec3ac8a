// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.alerting.Alerting;
import dev.narthex.alerting.AlertingCounters;
import dev.narthex.alerting.AlertingOptions;
import dev.narthex.alerting.IntegrationView;
import dev.narthex.alerting.JdkHttpPoster;
import dev.narthex.config.Configuration;
import dev.narthex.memory.LocalFiles;
import dev.narthex.model.Alert;
import dev.narthex.model.time.Scheduler;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.lifecycle.Component;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Alerting with all it needs. Its notification log and silences lie beside the samples, so they are taken up once the storage has the
 * directory for itself.
 */
final class AlertingComponent implements Component {
    private final ExternalAddress external;
    private final Scheduler scheduler;
    private final Path directory;
    private final JdkHttpPoster http = new JdkHttpPoster("Narthex/" + BuildVersion.version());
    private volatile @Nullable Alerting alerting;

    AlertingComponent(ExternalAddress external, Scheduler scheduler, Path directory) {
        this.external = external;
        this.scheduler = scheduler;
        this.directory = directory;
    }

    @Override
    public String name() {
        return "alerting";
    }

    @Override
    public void start() {
        alerting = new Alerting(new AlertingOptions(external.url(), http, scheduler, new LocalFiles(), directory));
    }

    /** Alerting; there is none before the start. */
    Alerting running() {
        Alerting running = alerting;
        if (running == null) {
            throw new IllegalStateException("alerting: not running; the server is starting");
        }
        return running;
    }

    void apply(Configuration configuration) {
        running().apply(configuration.alertmanager());
    }

    /** Takes alerts of rules. */
    void accept(List<Alert> alerts) {
        running().accept(alerts);
    }

    /** How deliveries have gone; nothing before the start. */
    List<IntegrationView> integrations() {
        Alerting running = alerting;
        return running == null ? List.of() : running.integrations();
    }

    /** What alerting has done; zeros before the start. */
    AlertingCounters counters() {
        Alerting running = alerting;
        return running == null ? AlertingCounters.NONE : running.counters();
    }

    @Override
    public void stop(Duration deadline) {
        Alerting running = alerting;
        if (running != null) {
            running.close();
        }
        http.close();
    }
}
