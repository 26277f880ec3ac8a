// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.crds.compile.SecretName;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Secrets that resources refer to, each watched by its name alone, so that the operator reads no other. Thread-safe.
 */
@Singleton
public class ReferencedSecrets {
    private final KubernetesClient client;
    private final VolumeStates states;
    private final Map<SecretName, SharedIndexInformer<Secret>> watched = new HashMap<>();

    @Inject
    ReferencedSecrets(KubernetesClient client, VolumeStates states) {
        this.client = client;
        this.states = states;
    }

    /** A Secret as it is now, watched from then on; empty where there is none. */
    Optional<Secret> get(SecretName name) {
        return Optional.ofNullable(informer(name).getIndexer().getByKey(name.namespace() + "/" + name.name()));
    }

    /** The texts of a Secret by key. */
    static Map<String, String> texts(Secret secret) {
        Map<String, String> texts = new TreeMap<>();
        Map<String, String> data = secret.getData();
        if (data != null) {
            data.forEach((key, value) ->
                    texts.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        }
        return texts;
    }

    /** Stops watching what nobody refers to any more. */
    synchronized void retain(Collection<SecretName> needed) {
        Set<SecretName> gone = new java.util.TreeSet<>(watched.keySet());
        gone.removeAll(needed);
        for (SecretName name : gone) {
            SharedIndexInformer<Secret> informer = watched.remove(name);
            if (informer != null) {
                informer.stop();
            }
        }
    }

    @PreDestroy
    void close() {
        retain(Set.of());
    }

    private synchronized SharedIndexInformer<Secret> informer(SecretName name) {
        return watched.computeIfAbsent(
                name,
                key -> client.secrets()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .inform(new Changes(key)));
    }

    /** Passes on that a Secret has changed. */
    private final class Changes implements ResourceEventHandler<Secret> {
        private final SecretName name;

        Changes(SecretName name) {
            this.name = name;
        }

        @Override
        public void onAdd(@Nullable Secret secret) {
            states.secretChanged(name);
        }

        @Override
        public void onUpdate(@Nullable Secret before, @Nullable Secret now) {
            states.secretChanged(name);
        }

        @Override
        public void onDelete(@Nullable Secret secret, boolean unknown) {
            states.secretChanged(name);
        }
    }
}
