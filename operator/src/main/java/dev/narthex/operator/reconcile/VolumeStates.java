// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.compile.SecretName;
import dev.narthex.operator.status.VolumeView;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the reconciler of StorageVolumes has found out and the reconcilers of the other kinds write as status. Thread-safe:
 * one thread at a time writes the state of one StorageVolume, any thread reads.
 */
@Singleton
public class VolumeStates {
    private final Map<ResourceId, VolumeState> states = new ConcurrentHashMap<>();
    private final ResourceSignals signals;

    @Inject
    VolumeStates(ResourceSignals signals) {
        this.signals = signals;
    }

    Optional<VolumeState> get(ResourceId volume) {
        return Optional.ofNullable(states.get(volume));
    }

    /** Keeps a state, and has those resources looked at about which it says something new. */
    void put(ResourceId volume, VolumeState state) {
        VolumeState before = states.put(volume, state);
        Set<ResourceId> resources =
                new HashSet<>(state.configuration().verdicts().keySet());
        if (before != null) {
            resources.addAll(before.configuration().verdicts().keySet());
        }
        for (ResourceId resource : resources) {
            boolean own = resource.kind().equals(ResourceId.STORAGE_VOLUME);
            if (!own && (before == null || !state.saysTheSame(before, resource))) {
                signals.signal(resource);
            }
        }
    }

    /** Forgets a StorageVolume. */
    void remove(ResourceId volume) {
        VolumeState before = states.remove(volume);
        if (before != null) {
            before.configuration().verdicts().keySet().stream()
                    .filter(resource -> !resource.kind().equals(ResourceId.STORAGE_VOLUME))
                    .forEach(signals::signal);
        }
    }

    /** What the StorageVolumes that select a resource have to say about it, ordered by StorageVolume. */
    List<VolumeView> viewsOf(ResourceId resource) {
        return new TreeSet<>(states.keySet())
                .stream()
                        .map(states::get)
                        .flatMap(state -> Optional.ofNullable(state).flatMap(known -> known.view(resource)).stream())
                        .toList();
    }

    /** The StorageVolumes whose configuration holds or refers to something. */
    Set<ResourceId> concernedBy(ResourceId resource) {
        Set<ResourceId> volumes = new HashSet<>();
        states.forEach((volume, state) -> {
            if (state.configuration().verdicts().containsKey(resource)) {
                volumes.add(volume);
            }
        });
        return volumes;
    }

    /** Has the StorageVolumes looked at that refer to a Secret. */
    void secretChanged(SecretName secret) {
        states.forEach((volume, state) -> {
            if (state.secrets().contains(secret)) {
                signals.signal(volume);
            }
        });
    }

    /** The Secrets that any StorageVolume refers to. */
    SortedSet<SecretName> secrets() {
        SortedSet<SecretName> secrets = new TreeSet<>();
        states.values().forEach(state -> secrets.addAll(state.secrets()));
        return secrets;
    }
}
