// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.SectionBuckets;
import dev.narthex.discovery.kubernetes.KubernetesAccess;
import dev.narthex.discovery.kubernetes.SecretWatch;
import dev.narthex.model.time.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in the Secrets of a StorageVolume, watched by name. Where the API server does not answer soon after
 * the start, the mounted copy is used until it does.
 */
public final class SecretSource implements ConfigurationSource {
    private static final Logger log = Logger.getLogger(SecretSource.class);
    private static final Duration FALLBACK_AFTER = Duration.ofSeconds(3);

    private final String namespace;
    private final String name;
    private final @Nullable Path mountedCopy;
    private final ConfigurationControl control;
    private final Scheduler scheduler;
    private final BucketLoader loader;
    private final KubernetesAccess access;
    private final SecretWatch watch;

    /** @param access the way to the API server; closed with this */
    public SecretSource(
            String namespace,
            String name,
            @Nullable Path mountedCopy,
            ConfigurationControl control,
            Scheduler scheduler,
            KubernetesAccess access) {
        this.namespace = namespace;
        this.name = name;
        this.mountedCopy = mountedCopy;
        this.control = control;
        this.scheduler = scheduler;
        this.loader = new BucketLoader(name, control);
        this.access = access;
        this.watch = new SecretWatch(access, namespace, loader.secretNames(), this::take);
    }

    @Override
    public String name() {
        return "configuration of StorageVolume " + namespace + "/" + name;
    }

    @Override
    public void start() {
        watch.start();
        if (mountedCopy != null) {
            scheduler.schedule(FALLBACK_AFTER, this::fallBack);
        }
    }

    private void take(Map<String, Map<String, byte[]>> secrets) {
        Map<String, byte[]> buckets = new HashMap<>();
        secrets.forEach((secret, content) -> {
            byte[] bucket = content.get(SectionBuckets.SECRET_KEY);
            if (bucket != null) {
                buckets.put(secret, bucket);
            }
        });
        if (!loader.load(buckets)) {
            log.infof("configuration not complete yet secrets=%d of=%d", buckets.size(), SectionBuckets.COUNT);
        }
    }

    private void fallBack() {
        Path directory = mountedCopy;
        if (directory == null || control.loaded().loadedAt() != null || watch.isComplete()) {
            return;
        }
        try {
            boolean loaded = loader.load(directory);
            log.warnf(
                    "API server does not answer, mounted configuration tried dir=%s loaded=%s err=%s",
                    directory, loaded, watch.lastFailure());
        } catch (IOException e) {
            log.warnf("mounted configuration not read dir=%s err=%s", directory, e.getMessage());
        }
    }

    /** There is nothing to read anew: every change comes by itself. */
    @Override
    public void reload() throws ConfigException {
        if (!control.loaded().isGood()) {
            throw new ConfigException(
                    List.of(new ConfigProblem(name(), "", 0, 0, control.loaded().error())));
        }
    }

    @Override
    public Optional<ResourceId> storageVolume() {
        return Optional.of(new ResourceId(ResourceId.STORAGE_VOLUME, namespace, name));
    }

    @Override
    public void stop(Duration deadline) {
        watch.close();
        access.close();
    }
}
