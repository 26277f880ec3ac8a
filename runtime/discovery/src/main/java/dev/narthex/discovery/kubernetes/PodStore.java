// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps of each pod only what tells it and its versions apart: a cluster has many pods, and pods are large. */
final class PodStore implements ItemStore<Pod> {
    private final ConcurrentHashMap<String, Pod> pods = new ConcurrentHashMap<>();

    @Override
    public String getKey(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    @Override
    public @Nullable Pod put(String key, Pod pod) {
        ObjectMeta kept = new ObjectMeta();
        kept.setNamespace(pod.getMetadata().getNamespace());
        kept.setName(pod.getMetadata().getName());
        kept.setUid(pod.getMetadata().getUid());
        kept.setResourceVersion(pod.getMetadata().getResourceVersion());
        return pods.put(key, new Pod("v1", "Pod", kept, null, null));
    }

    @Override
    public @Nullable Pod remove(String key) {
        return pods.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return pods.keySet().stream();
    }

    @Override
    public Stream<Pod> values() {
        return pods.values().stream();
    }

    @Override
    public int size() {
        return pods.size();
    }

    @Override
    public @Nullable Pod get(String key) {
        return pods.get(key);
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
