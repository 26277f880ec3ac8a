// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.crds.compile.CompileResult;
import dev.narthex.crds.condition.Condition;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.crds.storagevolume.StorageVolumeStatus;
import dev.narthex.operator.TestManifests;
import dev.narthex.operator.report.ReportAnswer;
import dev.narthex.operator.report.RuntimeReport;
import dev.narthex.operator.report.RuntimeReport.StorageReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageVolumeStatusTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    private static ReportAnswer answer(long generation, String error) {
        return new ReportAnswer.Answered(new RuntimeReport(
                generation,
                "abc",
                "2026-01-01T09:59:59Z",
                error,
                new StorageReport(8120, 271.5, 7_623_566_950L, 1_767_261_600_123L),
                Map.of()));
    }

    private static ComputedStatus<StorageVolumeStatus> status(
            StorageVolume volume, @Nullable ReportAnswer answer, int ready, String... failures) {
        CompileResult result = TestManifests.compile(volume, """
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: ScrapeTarget
                metadata: {name: good, namespace: shop}
                spec: {pods: {}}
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: ScrapeTarget
                metadata: {name: bad, namespace: shop}
                spec: {}
                """);
        return StorageVolumeStatuses.of(volume, new VolumeFacts(result, answer, ready, List.of(failures)), NOW);
    }

    private static String ready(ComputedStatus<StorageVolumeStatus> status) {
        return Objects.requireNonNull(status.status().getConditions()).stream()
                .filter(condition -> "Ready".equals(condition.getType()))
                .map(condition -> condition.getStatus() + " " + condition.getReason() + ": " + condition.getMessage())
                .findFirst()
                .orElseThrow();
    }

    private static StorageVolume volume() {
        return TestManifests.volume("{size: 1Gi}");
    }

    @Test
    void runningVolumeShowsWhatItHolds() {
        var status = status(volume(), answer(1, ""), 1);
        assertThat(ready(status)).isEqualTo("True Running: the runtime runs generation 1");
        assertThat(status.passing()).isFalse();
        StorageVolumeStatus shown = status.status();
        assertThat(shown.getPhase()).isEqualTo("Running");
        assertThat(shown.getSeries()).isEqualTo(8120);
        assertThat(shown.getSamplesPerSecond()).isEqualTo(272);
        assertThat(shown.getUsed()).isEqualTo("7.1Gi");
        assertThat(shown.getOldestSample()).isEqualTo("2026-01-01T10:00:00Z");
        assertThat(Objects.requireNonNull(shown.getSelected()).getScrapeTargets())
                .isEqualTo(2);
        assertThat(shown.getSelected().getRejected()).isEqualTo(1);
        assertThat(Objects.requireNonNull(shown.getConditions()))
                .extracting(Condition::getType)
                .containsExactly("Accepted", "Available", "Ready");
    }

    @Test
    void notReadyWhileAnythingIsMissing() {
        assertThat(ready(status(volume(), null, 0))).isEqualTo("False Loading: the runtime was not asked yet");
        assertThat(ready(status(volume(), new ReportAnswer.Unreachable("x"), 0)))
                .isEqualTo("False PodsNotReady: waiting for the pod 0/1");
        assertThat(ready(status(volume(), new ReportAnswer.Unreachable("x"), 1)))
                .isEqualTo("False RuntimeUnreachable: the runtime does not answer: x");
        assertThat(ready(status(volume(), answer(0, ""), 1)))
                .isEqualTo("False Loading: the runtime has not loaded generation 1 yet, it runs 0");
        assertThat(status(volume(), answer(0, ""), 1).passing()).isTrue();
        assertThat(status(volume(), answer(0, ""), 1).status().getPhase()).isEqualTo("Pending");
    }

    @Test
    void failuresAreSaid() {
        assertThat(ready(status(volume(), answer(1, ""), 1, "Service a/b: taken")))
                .isEqualTo("False ApplyFailed: Service a/b: taken");
        assertThat(ready(status(volume(), answer(1, "bucket 3 is no gzip"), 1)))
                .isEqualTo("False RejectedByRuntime: bucket 3 is no gzip");
        assertThat(ready(status(TestManifests.volume("{size: 1Gi, scrapeInterval: '0'}"), answer(1, ""), 1)))
                .startsWith("False InvalidSpec: spec.scrapeInterval: must be more than zero");
        assertThat(status(volume(), answer(1, "x"), 1).status().getPhase()).isEqualTo("Failed");
    }

    @Test
    void lastKnownFiguresStayWhileTheRuntimeIsSilent() {
        StorageVolume volume = volume();
        volume.setStatus(status(volume, answer(1, ""), 1).status());
        StorageVolumeStatus silent =
                status(volume, new ReportAnswer.Unreachable("x"), 0).status();
        assertThat(silent.getSeries()).isEqualTo(8120);
        assertThat(silent.getUsed()).isEqualTo("7.1Gi");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1023, 1023", "1024, 1.0Ki", "1048575, 1024.0Ki", "1073741824, 1.0Gi"})
    void bytesAreForPeople(long bytes, String text) {
        assertThat(Texts.bytes(bytes)).isEqualTo(text);
    }
}
