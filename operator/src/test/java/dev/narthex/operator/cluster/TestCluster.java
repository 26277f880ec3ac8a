// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.cluster;

import dev.narthex.crds.condition.Condition;
import dev.narthex.crds.condition.Conditioned;
import dev.narthex.testkit.kube.KubeApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A real API server with the definitions of the four resources, and an account for the operator with the chart's rights. */
final class TestCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String NAMESPACE = "narthex-system";
    private static final String ACCOUNT = "operator";

    private final KubeApiServer server;
    private final KubernetesClient client;

    private TestCluster(KubeApiServer server, KubernetesClient client) {
        this.server = server;
        this.client = client;
    }

    static TestCluster start(Path directory) throws IOException {
        KubeApiServer server = KubeApiServer.start(directory);
        Config config = Config.fromKubeconfig(server.kubeconfig().toFile());
        TestCluster cluster = new TestCluster(
                server, new KubernetesClientBuilder().withConfig(config).build());
        for (String plural : List.of("scrapetargets", "alertrules", "receivers", "storagevolumes")) {
            cluster.define(plural);
        }
        cluster.namespace(NAMESPACE);
        cluster.makeAccount();
        return cluster;
    }

    private void define(String plural) throws IOException {
        try (InputStream definition =
                TestCluster.class.getResourceAsStream("/META-INF/narthex/crds/" + plural + ".yaml")) {
            client.load(definition).serverSideApply();
        }
        String name = plural + ".monitoring.narthex.dev";
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> client
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(name)
                        .get()
                        .getStatus()
                        .getConditions()
                        .stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True")));
    }

    private void makeAccount() throws IOException {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(ACCOUNT)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        ClusterRole role = Serialization.unmarshal(rights(), ClusterRole.class);
        role.setMetadata(new ObjectMetaBuilder().withName(ACCOUNT).build());
        client.resource(role).create();
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(ACCOUNT)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", ACCOUNT)
                        .addNewSubject()
                        .withKind("ServiceAccount")
                        .withName(ACCOUNT)
                        .withNamespace(NAMESPACE)
                        .endSubject()
                        .build())
                .create();
    }

    /** The ClusterRole of the chart, without what the template fills in. */
    private static String rights() throws IOException {
        String template = Files.readString(Path.of("..", "helm", "narthex", "templates", "rights.yaml"));
        String role = template.split("\n---", 2)[0];
        return role.replaceAll("(?m)^.*\\{\\{.*$\n?", "");
    }

    /** A kubeconfig with the operator's account in it. */
    Path operatorKubeconfig(Path directory) throws IOException {
        return kubeconfig(NAMESPACE, ACCOUNT, directory);
    }

    /** A kubeconfig with a service account in it. */
    Path kubeconfig(String namespace, String account, Path directory) throws IOException {
        String token = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(7200L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        var kubeconfig = Serialization.unmarshal(
                Files.readString(server.kubeconfig()), io.fabric8.kubernetes.api.model.Config.class);
        var user = kubeconfig.getUsers().getFirst().getUser();
        user.setClientCertificate(null);
        user.setClientCertificateData(null);
        user.setClientKey(null);
        user.setClientKeyData(null);
        user.setToken(token);
        return Files.writeString(directory.resolve(account + ".kubeconfig"), Serialization.asYaml(kubeconfig));
    }

    /** The administrator. */
    KubernetesClient client() {
        return client;
    }

    void namespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Applies manifests of any kinds. */
    void apply(String yaml) {
        client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(item -> client.resource(item)
                        .fieldManager("test")
                        .forceConflicts()
                        .serverSideApply());
    }

    /** An object as it is now. */
    <T extends HasMetadata> Optional<T> find(Class<T> type, String namespace, String name) {
        return Optional.ofNullable(
                client.resources(type).inNamespace(namespace).withName(name).get());
    }

    /** Waits until an object is as it should be; where it does not become so, shows how it is. */
    <T extends HasMetadata> T await(Class<T> type, String namespace, String name, Predicate<T> condition) {
        try {
            return Awaitility.await(type.getSimpleName() + " " + namespace + "/" + name)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> find(type, namespace, name).filter(condition), Optional::isPresent)
                    .orElseThrow();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    e.getMessage() + "\n"
                            + find(type, namespace, name)
                                    .map(Serialization::asYaml)
                                    .orElse("not there"),
                    e);
        }
    }

    /** Waits until an object is gone. */
    <T extends HasMetadata> void awaitGone(Class<T> type, String namespace, String name) {
        Awaitility.await("end of " + type.getSimpleName() + " " + namespace + "/" + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> find(type, namespace, name).isEmpty());
    }

    /** Whether a condition has a status, for the present generation. */
    static <S extends Conditioned, R extends CustomResource<?, S>> boolean is(R resource, String type, String status) {
        return condition(resource, type)
                .filter(condition -> status.equals(condition.getStatus()))
                .filter(condition -> resource.getMetadata().getGeneration().equals(condition.getObservedGeneration()))
                .isPresent();
    }

    static <S extends Conditioned, R extends CustomResource<?, S>> Optional<Condition> condition(
            R resource, String type) {
        S status = resource.getStatus();
        List<Condition> conditions = status == null ? null : status.getConditions();
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(condition -> type.equals(condition.getType()))
                        .findFirst();
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
