// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Watches Secrets by name, which needs the right to list and watch these names and no others, and hands over what they
 * hold. The first snapshot comes when all names have been read; a name that does not exist is not in it. While the API
 * server cannot be reached, nothing is handed over and it is asked again.
 */
public final class SecretWatch implements AutoCloseable {
    private static final Logger log = Logger.getLogger(SecretWatch.class);

    private final KubernetesAccess access;
    private final String namespace;
    private final Set<String> names;
    private final Consumer<Map<String, Map<String, byte[]>>> sink;
    private final List<SharedIndexInformer<Secret>> informers = new ArrayList<>();
    private final Set<String> unread;
    private final Map<String, Map<String, byte[]>> secrets = new TreeMap<>();
    private @Nullable Map<String, Map<String, byte[]>> waiting;
    private boolean handingOver;
    private String lastFailure = "";
    private boolean closed;

    /**
     * Makes a watch that has not been started.
     *
     * @param access the way to the API server; closed by its owner
     * @param namespace where the Secrets are
     * @param names which to watch
     * @param sink takes snapshots, by name and key, one call at a time on a thread of its own; while it is at work, all but
     *     the newest are left out
     */
    public SecretWatch(
            KubernetesAccess access,
            String namespace,
            Collection<String> names,
            Consumer<Map<String, Map<String, byte[]>>> sink) {
        this.access = access;
        this.namespace = namespace;
        this.names = new TreeSet<>(names);
        this.sink = sink;
        unread = new TreeSet<>(names);
    }

    /** Begins to watch; returns at once. */
    public void start() {
        Thread.ofVirtual().name("secret-watch/start").start(this::connect);
    }

    private void connect() {
        try {
            KubernetesClient client = access.client();
            names.forEach(name -> watch(client, name));
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private synchronized void watch(KubernetesClient client, String name) {
        if (closed) {
            return;
        }
        SharedIndexInformer<Secret> informer = client.secrets()
                .inNamespace(namespace)
                .withName(name)
                .runnableInformer(0)
                .exceptionHandler((_, failure) -> failed(failure))
                .addEventHandler(new Changes(name));
        informers.add(informer);
        informer.start().thenRun(() -> read(name));
    }

    private synchronized void read(String name) {
        unread.remove(name);
        handOver();
    }

    private synchronized void changed(String name, @Nullable Secret secret) {
        if (secret == null) {
            secrets.remove(name);
        } else {
            secrets.put(name, decoded(secret));
        }
        handOver();
    }

    private void handOver() {
        if (!closed && unread.isEmpty()) {
            lastFailure = "";
            waiting = Map.copyOf(secrets);
            if (!handingOver) {
                handingOver = true;
                Thread.ofVirtual().name("secret-watch/" + namespace).start(this::handOverWaiting);
            }
        }
    }

    /** On a thread of its own, as the receiver may take long and the client's threads have to go on. */
    private void handOverWaiting() {
        while (true) {
            Map<String, Map<String, byte[]>> snapshot;
            synchronized (this) {
                snapshot = waiting;
                waiting = null;
                if (snapshot == null || closed) {
                    handingOver = false;
                    return;
                }
            }
            try {
                sink.accept(snapshot);
            } catch (RuntimeException e) {
                log.errorf(e, "secrets not taken over namespace=%s", namespace);
            }
        }
    }

    private static Map<String, byte[]> decoded(Secret secret) {
        Map<String, byte[]> content = new TreeMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach(
                            (key, value) -> content.put(key, Base64.getDecoder().decode(value)));
        }
        return Map.copyOf(content);
    }

    private synchronized boolean failed(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        if (!text.equals(lastFailure)) {
            lastFailure = text;
            log.warnf("secrets not read namespace=%s err=%s", namespace, text);
        }
        return !closed;
    }

    /** Whether all names have been read at least once. */
    public synchronized boolean isComplete() {
        return unread.isEmpty();
    }

    /** Why the API server could not be read last, empty where it could since. */
    public synchronized String lastFailure() {
        return lastFailure;
    }

    @Override
    public void close() {
        List<SharedIndexInformer<Secret>> stopped;
        synchronized (this) {
            closed = true;
            stopped = List.copyOf(informers);
            informers.clear();
        }
        stopped.forEach(SharedIndexInformer::stop);
    }

    /** Events of one name. */
    private final class Changes implements ResourceEventHandler<Secret> {
        private final String name;

        Changes(String name) {
            this.name = name;
        }

        @Override
        public void onAdd(Secret secret) {
            changed(name, secret);
        }

        @Override
        public void onUpdate(Secret before, Secret secret) {
            changed(name, secret);
        }

        @Override
        public void onDelete(Secret secret, boolean stateUnknown) {
            changed(name, null);
        }
    }
}
