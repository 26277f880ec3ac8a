// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.SectionsHash;
import dev.narthex.crds.compile.CompileResult;
import dev.narthex.crds.compile.SecretName;
import dev.narthex.crds.compile.Verdict;
import dev.narthex.operator.report.ReportAnswer;
import dev.narthex.operator.report.ReportAnswer.Answered;
import dev.narthex.operator.status.VolumeView;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one StorageVolume.
 *
 * @param volume as {@code namespace/name}
 * @param inputs what the configuration was compiled from
 * @param secrets that it refers to
 * @param hash of its sections
 * @param answer of the runtime, null before it was asked
 */
record VolumeState(
        String volume,
        CompileInputs inputs,
        CompileResult configuration,
        SortedSet<SecretName> secrets,
        String hash,
        @Nullable ReportAnswer answer) {
    static VolumeState of(
            String volume, CompileInputs inputs, CompileResult configuration, SortedSet<SecretName> secrets) {
        return new VolumeState(volume, inputs, configuration, secrets, SectionsHash.of(configuration.sections()), null);
    }

    VolumeState withAnswer(@Nullable ReportAnswer newAnswer) {
        return new VolumeState(volume, inputs, configuration, secrets, hash, newAnswer);
    }

    /** Whether the runtime has read all that was written. */
    boolean isLoaded() {
        return answer instanceof Answered answered && answered.report().hash().equals(hash);
    }

    /** What is to be said about a resource; nothing where it is not selected. */
    Optional<VolumeView> view(ResourceId resource) {
        Verdict verdict = configuration.verdicts().get(resource);
        if (verdict == null) {
            return Optional.empty();
        }
        return Optional.of(new VolumeView(
                volume,
                verdict,
                answer,
                answer instanceof Answered answered
                        ? answered.report().resources().get(resource)
                        : null));
    }

    /** Whether the same is to be said about a resource as in another state. */
    boolean saysTheSame(VolumeState other, ResourceId resource) {
        return view(resource)
                .map(VolumeState::withoutOthers)
                .equals(other.view(resource).map(VolumeState::withoutOthers));
    }

    /** A view without what the answer says about other resources. */
    private static VolumeView withoutOthers(VolumeView view) {
        ReportAnswer own = switch (view.answer()) {
            case null -> null;
            case Answered _ -> null;
            case ReportAnswer.Unreachable unreachable -> unreachable;
        };
        return new VolumeView(view.volume(), view.verdict(), own, view.report());
    }
}
