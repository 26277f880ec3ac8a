// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.desired;

import dev.narthex.config.section.SectionBuckets;
import dev.narthex.crds.compile.DiscoveryScope;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The account of a runtime and what it may do: watch its own configuration by name, and see pods where it looks for them. */
final class RuntimeAccess {
    private static final String RBAC = "rbac.authorization.k8s.io";

    private RuntimeAccess() {}

    /** The objects in the namespace of the StorageVolume. */
    static List<HasMetadata> own(VolumeNames names, boolean ownAccount) {
        List<HasMetadata> objects = new ArrayList<>();
        if (ownAccount) {
            objects.add(new ServiceAccountBuilder()
                    .withMetadata(names.owned(names.serviceAccount()))
                    .build());
        }
        String access = names.configurationAccess();
        List<String> secrets = IntStream.range(0, SectionBuckets.COUNT)
                .mapToObj(names::configurationSecret)
                .toList();
        PolicyRule watchSecrets = new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources("secrets")
                .withResourceNames(secrets)
                .withVerbs("get", "list", "watch")
                .build();
        objects.add(new RoleBuilder()
                .withMetadata(names.owned(access))
                .withRules(watchSecrets)
                .build());
        objects.add(new RoleBindingBuilder()
                .withMetadata(names.owned(access))
                .withNewRoleRef(RBAC, "Role", access)
                .withSubjects(subject(names))
                .build());
        return objects;
    }

    /** The objects that let the runtime see pods; outside the StorageVolume's namespace, so that nothing owns them. */
    static List<HasMetadata> discovery(VolumeNames names, DiscoveryScope scope) {
        String access = names.discoveryAccess();
        PolicyRule watchPods = new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources("pods")
                .withVerbs("get", "list", "watch")
                .build();
        List<HasMetadata> objects = new ArrayList<>();
        if (scope.allNamespaces()) {
            objects.add(new ClusterRoleBuilder()
                    .withMetadata(names.foreign(access))
                    .withRules(watchPods)
                    .build());
            objects.add(new ClusterRoleBindingBuilder()
                    .withMetadata(names.foreign(access))
                    .withNewRoleRef(RBAC, "ClusterRole", access)
                    .withSubjects(subject(names))
                    .build());
        }
        for (String namespace : scope.namespaces()) {
            objects.add(new RoleBuilder()
                    .withMetadata(names.foreign(access))
                    .editMetadata()
                    .withNamespace(namespace)
                    .endMetadata()
                    .withRules(watchPods)
                    .build());
            objects.add(new RoleBindingBuilder()
                    .withMetadata(names.foreign(access))
                    .editMetadata()
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewRoleRef(RBAC, "Role", access)
                    .withSubjects(subject(names))
                    .build());
        }
        return objects;
    }

    private static Subject subject(VolumeNames names) {
        return new SubjectBuilder()
                .withKind("ServiceAccount")
                .withName(names.serviceAccount())
                .withNamespace(names.namespace())
                .build();
    }
}
