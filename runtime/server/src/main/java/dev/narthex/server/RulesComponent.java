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

/** Rules with all they need. Evaluates nothing until it is given a configuration. */
final class RulesComponent implements Component {
    private final RuleServices services;
    private final RuleManager manager;

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

    void apply(Configuration configuration) {
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
    public void start() {}

    @Override
    public void stop(Duration deadline) {
        manager.close();
    }
}
