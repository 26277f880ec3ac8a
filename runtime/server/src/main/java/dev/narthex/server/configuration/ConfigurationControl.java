// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.Configuration;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.config.section.ConfigurationAssembler.Assembly;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceNames;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.config.section.SectionsHash;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Holds what runs and puts changes to work: every consumer is told of a new configuration in the order of the list, and
 * finds out itself what is the same as before. Changes come one at a time; the state may be read by many threads.
 */
public final class ConfigurationControl {
    private static final Logger log = Logger.getLogger(ConfigurationControl.class);

    private final InstantSource clock;
    private final ConfigurationAssembler assembler;
    private final RuleCheck rules;
    private final List<ConfigurationConsumer> consumers;
    private final Consumer<LoadedConfiguration> observer;
    private volatile LoadedConfiguration loaded = LoadedConfiguration.NONE;

    /** A control that nobody watches. */
    public ConfigurationControl(
            InstantSource clock,
            ConfigurationAssembler assembler,
            RuleCheck rules,
            List<ConfigurationConsumer> consumers) {
        this(clock, assembler, rules, consumers, _ -> {});
    }

    /** @param observer is told how each loading went, after the consumers */
    public ConfigurationControl(
            InstantSource clock,
            ConfigurationAssembler assembler,
            RuleCheck rules,
            List<ConfigurationConsumer> consumers,
            Consumer<LoadedConfiguration> observer) {
        this.clock = clock;
        this.assembler = assembler;
        this.rules = rules;
        this.consumers = List.copyOf(consumers);
        this.observer = observer;
    }

    /** What runs, and how the last loading went. */
    public LoadedConfiguration loaded() {
        return loaded;
    }

    /**
     * Puts a whole configuration to work, as it was read from files.
     *
     * @throws ConfigException when a rule cannot be run, or a room cannot take it over; what runs goes on
     */
    public synchronized void apply(Configuration configuration) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        for (RuleGroupConfig group : configuration.ruleGroups()) {
            for (String problem : rules.problems(group)) {
                String prefix = group.file() + ": ";
                problems.add(new ConfigProblem(
                        group.file(),
                        "",
                        0,
                        0,
                        problem.startsWith(prefix) ? problem.substring(prefix.length()) : problem));
            }
        }
        consumers.forEach(consumer -> problems.addAll(consumer.problems(configuration)));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        put(new LoadedConfiguration(
                configuration,
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                "",
                clock.instant(),
                ""));
    }

    /**
     * Puts sections to work. Those that cannot be used are set aside, and the former one of the same resource goes on.
     *
     * @param read all sections as they are to be
     * @param refusedBefore resources whose present form did not become a section, with the reason
     */
    public synchronized void apply(Collection<ResourceSection> read, SortedMap<ResourceId, String> refusedBefore) {
        LoadedConfiguration before = loaded;
        String hash = SectionsHash.of(read);
        if (hash.equals(before.hash()) && before.isGood() && before.rejected().equals(refusedBefore)) {
            return;
        }
        SortedMap<ResourceId, ResourceSection> byId = new TreeMap<>();
        read.forEach(section -> byId.put(section.id(), section));
        Assembly assembly = assemble(byId, before.running());
        SortedMap<ResourceId, String> rejected = new TreeMap<>(refusedBefore);
        rejected.putAll(assembly.rejected());
        assembly.rejected().forEach((id, reason) -> log.warnf("resource refused resource=%s err=%s", id, reason));
        LoadedConfiguration after = new LoadedConfiguration(
                assembly.configuration(), byId, assembly.running(), rejected, hash, clock.instant(), "");
        if (assembly.running().equals(before.running()) && before.loadedAt() != null) {
            // Only refusals changed: what runs is the same.
            loaded = new LoadedConfiguration(
                    before.configuration(), byId, before.running(), rejected, hash, before.loadedAt(), "");
            observer.accept(loaded);
            return;
        }
        put(after);
    }

    /** Assembles sections, and does so again without those whose rules cannot be run. */
    private Assembly assemble(
            SortedMap<ResourceId, ResourceSection> read, SortedMap<ResourceId, ResourceSection> former) {
        Assembly assembly = assembler.assemble(read.values(), former);
        SortedMap<ResourceId, String> unrunnable = new TreeMap<>();
        for (RuleGroupConfig group : assembly.configuration().ruleGroups()) {
            ResourceId id = ResourceNames.ofRuleFile(group.file()).orElse(null);
            // What runs has been checked before: of many resources, only those that changed cost something.
            if (id == null || Objects.equals(read.get(id), former.get(id))) {
                continue;
            }
            List<String> problems = rules.problems(group);
            if (!problems.isEmpty()) {
                unrunnable.put(id, String.join("\n", problems));
            }
        }
        if (unrunnable.isEmpty()) {
            return assembly;
        }
        SortedMap<ResourceId, ResourceSection> usable = new TreeMap<>(read);
        unrunnable.keySet().forEach(id -> {
            ResourceSection before = former.get(id);
            if (before == null || before.equals(read.get(id))) {
                usable.remove(id);
            } else {
                usable.put(id, before);
            }
        });
        Assembly again = assembler.assemble(usable.values(), former);
        SortedMap<ResourceId, String> rejected = new TreeMap<>(again.rejected());
        rejected.putAll(unrunnable);
        return new Assembly(again.configuration(), again.running(), rejected);
    }

    /** Notes that loading failed as a whole; what runs goes on. */
    public synchronized void failed(String problem) {
        loaded = loaded.withError(problem);
        observer.accept(loaded);
        log.errorf("configuration not loaded err=%s", problem);
    }

    private void put(LoadedConfiguration next) {
        for (ConfigurationConsumer consumer : consumers) {
            consumer.apply(next.configuration());
        }
        loaded = next;
        observer.accept(next);
        Configuration configuration = next.configuration();
        log.infof(
                "configuration loaded jobs=%d rule_groups=%d receivers=%d refused=%d",
                configuration.prometheus().allScrapeConfigs().size(),
                configuration.ruleGroups().size(),
                configuration.alertmanager().receivers().size(),
                next.rejected().size());
    }
}
