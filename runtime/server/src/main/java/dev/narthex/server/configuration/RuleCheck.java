// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.RuleGroupConfig;
import java.util.List;

/** Says what is wrong with the expressions and templates of a rule group, before anything runs by it. */
@FunctionalInterface
public interface RuleCheck {
    /** The problems, each with its place; empty where there are none. */
    List<String> problems(RuleGroupConfig group);
}
