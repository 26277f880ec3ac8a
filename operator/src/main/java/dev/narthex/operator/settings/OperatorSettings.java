// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * Settings of the operator, from environment variables such as {@code NARTHEX_RUNTIME_IMAGE} or system properties such
 * as {@code narthex.runtime.image}.
 */
@ConfigMapping(prefix = "narthex")
public interface OperatorSettings {
    Runtime runtime();

    Report report();

    Status status();

    /** The workloads that the operator makes. */
    interface Runtime {
        /** The image of the runtime where a StorageVolume does not say. */
        @WithDefault("narthex/runtime:${quarkus.application.version}")
        String image();

        /** Where a runtime answers: {@code {namespace}} and {@code {name}} stand for those of the StorageVolume. */
        @WithDefault("http://{name}.{namespace}.svc:9090")
        String url();
    }

    /** How runtimes are asked what they do. */
    interface Report {
        /** Time between two questions while nothing changes. */
        @WithDefault("5s")
        Duration interval();

        /** Time between two questions while a runtime has not loaded what was written. */
        @WithDefault("500ms")
        Duration pendingInterval();

        /** How long an answer may take. */
        @WithDefault("3s")
        Duration timeout();
    }

    /** How status is written. */
    interface Status {
        /** Least time between two writings of the status of one resource. */
        @WithDefault("10s")
        Duration interval();

        /** How long a state that will soon be over (loading) is kept out of the status. */
        @WithDefault("3s")
        Duration grace();
    }
}
