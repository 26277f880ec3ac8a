// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.server.configuration.ConfigurationControl;
import dev.narthex.server.notification.Notifications;
import dev.narthex.server.query.CurrentEngine;
import dev.narthex.server.query.QueryLog;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.server.storage.IngestRate;
import dev.narthex.server.storage.StorageComponent;

/**
 * The parts of a server that HTTP asks.
 *
 * @param requestMemory what the bodies of requests may take
 */
record Rooms(
        StorageComponent storage,
        IngestRate ingestRate,
        QueryWorkers workers,
        QueryLog queryLog,
        CurrentEngine engine,
        ScrapeComponent scraping,
        RulesComponent rules,
        AlertingComponent alerting,
        ConfigurationControl control,
        Notifications notifications,
        MemoryAccount requestMemory) {}
