// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.ConfigException;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.ConfigWriter;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.receiver.SecretKeyReference;
import dev.narthex.crds.receiver.WebhookSpec;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Compiles resources to the configuration of a StorageVolume: a pure function, the same input gives the same bytes.
 * Immutable and safe for use by many threads, as long as nobody changes the resources meanwhile.
 *
 * <p>A bad resource never disturbs another: each has a section and a verdict of its own. Where the present form is
 * invalid, the former section stays, unless what it did is no longer consented to.
 */
public final class ConfigurationCompiler {
    private final ExpressionCheck promql;
    private final ExpressionCheck templates;

    /**
     * Makes a compiler.
     *
     * @param promql checks expressions
     * @param templates checks texts of alerts
     */
    public ConfigurationCompiler(ExpressionCheck promql, ExpressionCheck templates) {
        this.promql = promql;
        this.templates = templates;
    }

    /** The Secrets that receivers refer to: the compiler wants their content. */
    public static SortedSet<SecretName> referencedSecrets(Collection<Receiver> receivers) {
        SortedSet<SecretName> names = new TreeSet<>();
        for (Receiver receiver : receivers) {
            List<WebhookSpec> webhooks =
                    Objects.requireNonNullElse(receiver.getSpec().getWebhook(), List.of());
            for (WebhookSpec webhook : webhooks) {
                SecretKeyReference reference = webhook.getUrlSecret();
                if (reference != null && reference.getName() != null) {
                    names.add(new SecretName(receiver.getMetadata().getNamespace(), reference.getName()));
                }
            }
        }
        return names;
    }

    /** Which resource an object is. */
    public static ResourceId idOf(HasMetadata resource) {
        return new ResourceId(
                resource.getKind(),
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName());
    }

    /** Compiles everything. */
    public CompileResult compile(CompileInput input) {
        Run run = new Run(input.former());
        Consents consents = new Consents(input.storageVolume(), input.namespaces());
        GlobalConfig global = compileVolume(input, run);
        for (ScrapeTarget target : input.scrapeTargets()) {
            if (consents.selectsScrapeTarget(target.getMetadata())) {
                run.addTarget(target, new ScrapeTargetCompiler(idOf(target), target.getSpec(), global, consents));
            }
        }
        for (AlertRule rule : input.alertRules()) {
            if (consents.selectsAlertRule(rule.getMetadata())) {
                run.add(
                        rule,
                        problems -> ConfigWriter.withSecrets()
                                .rules(List.of(new AlertRuleCompiler(
                                                idOf(rule), rule.getSpec(), promql, templates, consents, problems)
                                        .compile())));
            }
        }
        for (Receiver receiver : input.receivers()) {
            if (consents.selectsReceiver(receiver.getMetadata())) {
                run.add(
                        receiver,
                        problems -> new ReceiverCompiler(
                                        idOf(receiver), receiver.getSpec(), input.secrets(), consents, problems)
                                .compile());
            }
        }
        input.unreadable().forEach(run::addUnreadable);
        return run.result();
    }

    private static GlobalConfig compileVolume(CompileInput input, Run run) {
        GlobalConfig global =
                StorageVolumeCompiler.compile(input.storageVolume().getSpec(), new SpecProblems());
        run.add(
                input.storageVolume(),
                problems -> ConfigWriter.withSecrets()
                        .global(StorageVolumeCompiler.compile(
                                input.storageVolume().getSpec(), problems)));
        return global;
    }

    /** Collects the sections and verdicts of one compilation. */
    private static final class Run {
        private final Map<ResourceId, ResourceSection> former;
        private final SortedMap<ResourceId, ResourceSection> sections = new TreeMap<>();
        private final SortedMap<ResourceId, Verdict> verdicts = new TreeMap<>();
        private DiscoveryScope discovery = DiscoveryScope.NONE;

        Run(Map<ResourceId, ResourceSection> former) {
            this.former = former;
        }

        void addTarget(ScrapeTarget target, ScrapeTargetCompiler compiler) {
            List<ScrapeConfig> configs = new ArrayList<>();
            add(target, problems -> {
                configs.addAll(compiler.compile(problems));
                return ConfigWriter.withSecrets().scrapeConfigs(configs);
            });
            ResourceSection section = sections.get(idOf(target));
            if (section != null) {
                boolean accepted = verdicts.get(section.id()) instanceof Verdict.Accepted;
                discovery = discovery.plus(DiscoveryScope.of(accepted ? configs : read(section)));
            }
        }

        private static List<ScrapeConfig> read(ResourceSection section) {
            try {
                return new ConfigLoader(name -> "")
                        .prometheus(section.yaml(), section.id().toString())
                        .scrapeConfigs();
            } catch (ConfigException _) {
                // A version of this program that wrote it otherwise; the runtime refuses it too and says so.
                return List.of();
            }
        }

        void add(HasMetadata resource, Function<SpecProblems, String> compiler) {
            ResourceId id = idOf(resource);
            Long generation = resource.getMetadata().getGeneration();
            long knownGeneration = generation == null ? 0 : generation;
            SpecProblems problems = new SpecProblems();
            String yaml = compiler.apply(problems);
            if (problems.isEmpty()) {
                sections.put(id, new ResourceSection(id, knownGeneration, yaml));
                verdicts.put(id, new Verdict.Accepted(knownGeneration));
                return;
            }
            ResourceSection before = former.get(id);
            boolean formerRuns = before != null && !problems.isConsentMissing();
            if (before != null && formerRuns) {
                sections.put(id, before);
            }
            verdicts.put(id, problems.rejected(knownGeneration, formerRuns));
        }

        void addUnreadable(ResourceId id, FieldProblem problem) {
            ResourceSection before = former.get(id);
            if (before != null) {
                sections.put(id, before);
            }
            verdicts.put(id, new Verdict.Rejected(0, RejectionReason.INVALID_SPEC, List.of(problem), before != null));
        }

        CompileResult result() {
            return new CompileResult(new ArrayList<>(sections.values()), verdicts, discovery);
        }
    }
}
