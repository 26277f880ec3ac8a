// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.io.File;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to one API server, shared by all who watch there. Connects when the first of them needs it. Close it after
 * those who use it.
 */
public final class KubernetesAccess implements AutoCloseable {
    /** Watches try again by themselves, and should say soon that they have to. */
    private static final int REQUEST_RETRIES = 0;

    /** What an API server answers to what is asked here. */
    static final List<Class<? extends KubernetesResource>> KINDS =
            List.of(Pod.class, PodList.class, Secret.class, SecretList.class, Status.class);

    private final String apiServer;
    private final String kubeconfigFile;
    private @Nullable KubernetesClient client;
    private boolean closed;

    private KubernetesAccess(String apiServer, String kubeconfigFile) {
        this.apiServer = apiServer;
        this.kubeconfigFile = kubeconfigFile;
    }

    /** The cluster that this process runs in, or the one of the user's kubeconfig. */
    public static KubernetesAccess automatic() {
        return new KubernetesAccess("", "");
    }

    /** The cluster of a kubeconfig file's current context. */
    public static KubernetesAccess kubeconfig(String file) {
        return new KubernetesAccess("", file);
    }

    /** The cluster of an API server, by its URL. */
    public static KubernetesAccess apiServer(String url) {
        return new KubernetesAccess(url, "");
    }

    /** The first of these that is given: a kubeconfig file, the URL of an API server, or else {@link #automatic}. */
    static KubernetesAccess of(String apiServer, String kubeconfigFile) {
        return new KubernetesAccess(kubeconfigFile.isEmpty() ? apiServer : "", kubeconfigFile);
    }

    /** Knows the kinds that are read here, rather than all of Kubernetes: a native executable has no others either. */
    private static KubernetesSerialization serialization() {
        KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);
        KINDS.forEach(serialization::registerKubernetesResource);
        return serialization;
    }

    synchronized KubernetesClient client() {
        if (closed) {
            throw new IllegalStateException("kubernetes: the client is closed");
        }
        if (client == null) {
            client = new KubernetesClientBuilder()
                    .withHttpClientFactory(new VertxHttpClientFactory())
                    .withKubernetesSerialization(serialization())
                    .withConfig(new ConfigBuilder(config())
                            .withRequestRetryBackoffLimit(REQUEST_RETRIES)
                            .build())
                    .build();
        }
        return client;
    }

    private Config config() {
        if (!kubeconfigFile.isEmpty()) {
            return Config.fromKubeconfig(new File(kubeconfigFile));
        }
        if (!apiServer.isEmpty()) {
            return new ConfigBuilder(Config.empty()).withMasterUrl(apiServer).build();
        }
        return Config.autoConfigure(null);
    }

    /** The namespace that this process runs in, or that of the kubeconfig's context; {@code default} where none is told. */
    public String ownNamespace() {
        String namespace = client().getNamespace();
        return namespace == null || namespace.isEmpty() ? "default" : namespace;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
