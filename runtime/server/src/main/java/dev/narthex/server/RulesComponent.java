// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.Configuration;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.rules.RuleException;
import dev.narthex.rules.RuleManager;
import dev.narthex.rules.RuleServices;
import dev.narthex.server.lifecycle.Component;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules with all they need. Evaluates nothing until it is given a configuration and started, which is when there is
 * something to be queried.
 */
final class RulesComponent implements Component {
    private final RuleServices services;
    private final RuleManager manager;
    private @Nullable Configuration given;
    private boolean running;

    RulesComponent(RuleServices services) {
        this.services = services;
        this.manager = new RuleManager(services);
    }

    @Override
    public String name() {
        return "rules";
    }

    RuleManager manager() {
        return manager;
    }

    /** What keeps a group from being run. */
    List<String> problems(RuleGroupConfig group) {
        return RuleManager.problems(group, services.queries());
    }

    synchronized void apply(Configuration configuration) {
        given = configuration;
        if (running) {
            set(configuration);
        }
    }

    private void set(Configuration configuration) {
        try {
            manager.apply(
                    configuration.ruleGroups(),
                    configuration.prometheus().global().evaluationInterval(),
                    configuration.prometheus().global().externalLabels());
        } catch (RuleException e) {
            throw new IllegalStateException("rule groups: refused although they were checked", e);
        }
    }

    @Override
    public synchronized void start() {
        running = true;
        if (given != null) {
            set(given);
        }
    }

    @Override
    public synchronized void stop(Duration deadline) {
        running = false;
        manager.close();
    }
}
