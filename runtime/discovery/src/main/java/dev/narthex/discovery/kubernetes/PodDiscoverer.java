// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesSelector;
import dev.narthex.discovery.Discoverer;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.TargetGroup;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Watches pods, one watch a namespace or one for all, and sends a group a pod. The first update comes when a namespace
 * has been read in full; while the API server cannot be reached or refuses, nothing is sent and it is asked again.
 */
public final class PodDiscoverer implements Discoverer {
    private static final Logger log = Logger.getLogger(PodDiscoverer.class);
    private static final long PAGE_SIZE = 500;

    private final KubernetesAccess access;
    private final KubernetesDiscoveryConfig config;
    private final DiscoveryMetrics metrics;
    private final KubernetesSelector selector;
    private final FieldSelector fields;
    private final List<SharedIndexInformer<Pod>> informers = new ArrayList<>();
    private Consumer<List<TargetGroup>> sink = _ -> {};
    private boolean closed;

    /**
     * Makes a discoverer that has not connected yet.
     *
     * @param access the way to the API server; closed by its owner
     * @throws IllegalArgumentException when a selector is not valid
     */
    public PodDiscoverer(KubernetesAccess access, KubernetesDiscoveryConfig config) {
        this(access, config, new DiscoveryMetrics());
    }

    /** The same; its events and failures are counted. */
    public PodDiscoverer(KubernetesAccess access, KubernetesDiscoveryConfig config, DiscoveryMetrics metrics) {
        this.access = access;
        this.config = config;
        this.metrics = metrics;
        selector = config.selectors().stream()
                .filter(candidate -> candidate.role() == config.role())
                .findFirst()
                .orElse(new KubernetesSelector(config.role(), "", ""));
        fields = FieldSelector.parse(selector.field());
    }

    @Override
    public void start(Consumer<List<TargetGroup>> newSink) {
        synchronized (this) {
            sink = newSink;
        }
        // Reading the credentials and the first connection may take a while.
        Thread.ofVirtual().name("discovery/kubernetes-start").start(this::connect);
    }

    private void connect() {
        try {
            KubernetesClient client = access.client();
            for (String namespace : namespaces()) {
                FilterWatchListDeletable<Pod, PodList, PodResource> pods = namespace.isEmpty()
                        ? client.pods().inAnyNamespace()
                        : client.pods().inNamespace(namespace);
                watch(narrowed(pods), namespace);
            }
        } catch (RuntimeException e) {
            log.errorf(
                    "kubernetes discovery cannot start role=%s err=%s",
                    config.role().text(), e.getMessage());
        }
    }

    private Set<String> namespaces() {
        Set<String> namespaces = new LinkedHashSet<>(config.namespaces());
        if (config.ownNamespace()) {
            namespaces.add(access.ownNamespace());
        }
        return namespaces.isEmpty() ? Set.of("") : namespaces;
    }

    private FilterWatchListDeletable<Pod, PodList, PodResource> narrowed(
            FilterWatchListDeletable<Pod, PodList, PodResource> pods) {
        FilterWatchListDeletable<Pod, PodList, PodResource> narrowed = pods;
        if (!selector.label().isEmpty()) {
            narrowed = narrowed.withLabelSelector(selector.label());
        }
        for (FieldSelector.Term term : fields.terms()) {
            narrowed = term.equal()
                    ? narrowed.withField(term.name(), term.value())
                    : narrowed.withoutField(term.name(), term.value());
        }
        return narrowed;
    }

    private void watch(FilterWatchListDeletable<Pod, PodList, PodResource> pods, String namespace) {
        Watch watch = new Watch(namespace);
        PodStore store = new PodStore();
        SharedIndexInformer<Pod> informer = pods.withLimit(PAGE_SIZE)
                .runnableInformer(0)
                .itemStore(store)
                .removeNamespaceIndex()
                .exceptionHandler(watch::failed)
                .addEventHandler(watch);
        synchronized (this) {
            if (closed) {
                return;
            }
            informers.add(informer);
        }
        // Not under the lock, which an event takes behind that of its watch.
        informer.start().thenRun(() -> watch.listed(store.keySet().toList()));
        synchronized (this) {
            if (!closed) {
                return;
            }
        }
        informer.stop();
    }

    private synchronized void send(List<TargetGroup> groups) {
        if (!closed) {
            sink.accept(groups);
        }
    }

    @Override
    public void close() {
        List<SharedIndexInformer<Pod>> stopped;
        synchronized (this) {
            closed = true;
            stopped = List.copyOf(informers);
            informers.clear();
        }
        stopped.forEach(SharedIndexInformer::stop);
    }

    /** Events of one namespace. */
    private final class Watch implements ResourceEventHandler<Pod> {
        private final String namespace;
        private final Map<String, TargetGroup> beforeSync = new LinkedHashMap<>();
        /** What the first list had and no event has told of yet; null before the list is there. */
        private @Nullable Set<String> awaited;

        private boolean complete;
        private String lastFailure = "";

        Watch(String namespace) {
            this.namespace = namespace;
        }

        @Override
        public void onAdd(Pod pod) {
            metrics.kubernetesEvent(config.role(), "add");
            changed(PodTargets.of(pod));
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            metrics.kubernetesEvent(config.role(), "update");
            changed(PodTargets.of(pod));
        }

        @Override
        public void onDelete(Pod pod, boolean stateUnknown) {
            metrics.kubernetesEvent(config.role(), "delete");
            changed(TargetGroup.gone(PodTargets.source(pod)));
        }

        private void changed(TargetGroup group) {
            synchronized (this) {
                if (!complete) {
                    beforeSync.put(group.source(), group);
                    if (awaited != null) {
                        awaited.remove(group.source());
                    }
                }
                if (complete) {
                    send(List.of(group));
                } else {
                    completeIfAllCame();
                }
            }
        }

        /** The first list is there; its events may still be on their way. */
        void listed(List<String> keys) {
            synchronized (this) {
                Set<String> expected = new HashSet<>();
                keys.forEach(key -> expected.add(PodTargets.SOURCE_PREFIX + key));
                expected.removeAll(beforeSync.keySet());
                awaited = expected;
                completeIfAllCame();
            }
        }

        /** Sends what the first list had in one piece, so that nobody takes a part of it for the whole. */
        private void completeIfAllCame() {
            if (awaited == null || !awaited.isEmpty()) {
                return;
            }
            complete = true;
            List<TargetGroup> all = List.copyOf(beforeSync.values());
            beforeSync.clear();
            log.infof("pods read namespace=%s pods=%d", namespace.isEmpty() ? "*" : namespace, all.size());
            send(all);
        }

        /** Says why a list or watch failed, once until another reason comes; always tries again. */
        synchronized boolean failed(boolean wasStarted, Throwable failure) {
            metrics.kubernetesFailures.increment();
            String text = String.valueOf(failure.getMessage());
            if (!text.equals(lastFailure)) {
                lastFailure = text;
                log.warnf("pods not read namespace=%s err=%s", namespace.isEmpty() ? "*" : namespace, text);
            }
            synchronized (PodDiscoverer.this) {
                return !closed;
            }
        }
    }
}
