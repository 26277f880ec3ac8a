// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static dev.narthex.scrape.ScrapeScenario.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import dev.narthex.scrape.TargetResolver.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetResolverTest {
    private static Resolution resolve(ScrapeScenario.Job job, Labels group, String... target) {
        Labels labels = Labels.of(target);
        return new TargetResolver(job.build()).resolve(new TargetGroup("s", group, List.of(labels)), labels);
    }

    private static Target kept(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Resolution.Kept.class);
        return ((Resolution.Kept) resolution).target();
    }

    /** The order of Prometheus 3.15, asked for with each pair of labels. */
    @Test
    void ofDefaultsThatLabelmapGivesOneNameTheOneThatWasAddedLastStays() {
        List<String> order = List.of(
                "__a",
                "job",
                "__scrape_interval__",
                "__scrape_timeout__",
                "__metrics_path__",
                "__scheme__",
                "__convert_classic_histograms_to_nhcb__",
                "__always_scrape_classic_histograms__",
                "__scrape_native_histograms__",
                "__param_a");
        for (int i = 1; i < order.size(); i++) {
            String regex = order.get(i - 1) + "|" + order.get(i);
            RelabelConfig map =
                    new RelabelConfig(List.of(), ";", RelabelPattern.of(regex), 0, "", "both", RelabelAction.LABEL_MAP);
            ScrapeScenario.Job job =
                    job().params(new TreeMap<>(Map.of("a", List.of("x")))).relabel(map);
            Target target = kept(resolve(job, Labels.of("__a", "y"), "__address__", "h"));
            assertThat(target.labels().getOrEmpty("both"))
                    .as(regex)
                    .isEqualTo(target.discoveredLabels().getOrEmpty(order.get(i)));
        }
    }

    @Test
    void fillsInDefaultsAndLetsTheTargetWinOverItsGroup() {
        Target target = kept(resolve(
                job(), Labels.of("zone", "g", "rack", "1"), "__address__", "a:1", "zone", "t", "__meta_x", "m"));
        assertThat(target.discoveredLabels())
                .isEqualTo(Labels.of(
                        "__address__", "a:1",
                        "__always_scrape_classic_histograms__", "false",
                        "__convert_classic_histograms_to_nhcb__", "false",
                        "__meta_x", "m",
                        "__metrics_path__", "/metrics",
                        "__scheme__", "http",
                        "__scrape_interval__", "10s",
                        "__scrape_native_histograms__", "false",
                        "__scrape_timeout__", "10s",
                        "job", "j",
                        "rack", "1",
                        "zone", "t"));
        assertThat(target.labels()).isEqualTo(Labels.of("instance", "a:1", "job", "j", "rack", "1", "zone", "t"));
        assertThat(target.internalLabels().has("__meta_x")).isFalse();
        assertThat(target.internalLabels().has("__address__")).isTrue();
        assertThat(target.url()).hasToString("http://a:1/metrics");
        assertThat(target.interval()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void letsLabelsOfTheTargetSayWhereAndWhen() {
        Target target = kept(resolve(
                job().params(new TreeMap<>(Map.of("match[]", List.of("x y", "ü"), "t", List.of("1")))),
                Labels.EMPTY,
                "__address__",
                "h",
                "__scheme__",
                "https",
                "__metrics_path__",
                "/a b?c",
                "__scrape_interval__",
                "1m30s",
                "__scrape_timeout__",
                "500ms",
                "__param_t",
                "2",
                "__param_u",
                "&",
                "job",
                "other",
                "instance",
                "i"));
        assertThat(target.url()).hasToString("https://h/a%20b%3Fc?match%5B%5D=x+y&match%5B%5D=%C3%BC&t=2&u=%26");
        assertThat(target.interval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(target.timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(target.labels()).isEqualTo(Labels.of("instance", "i", "job", "other"));
    }

    @Test
    void dropsWhatRelabellingDrops() {
        Resolution dropped = resolve(
                job().relabel(RelabelConfig.keep(List.of("zone"), "b")),
                Labels.EMPTY,
                "__address__",
                "a:1",
                "zone",
                "a");
        assertThat(dropped).isInstanceOf(Resolution.Dropped.class);
        assertThat(((Resolution.Dropped) dropped).discoveredLabels().get("zone"))
                .isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my_app:9100", "shop.1:80", "10.0.0.1:80", "[::1]:80", "a", "host-1.example"})
    void takesHostsThatAreNoProperNames(String address) {
        Target target = kept(resolve(job(), Labels.EMPTY, "__address__", address));
        assertThat(target.url()).hasToString("http://" + address + "/metrics");
        assertThat(target.labels().get("instance")).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b:1|http://a%20b:1/metrics|parse \"http://a%20b:1/metrics\": invalid URL escape \"%20\"",
                "a:b|http://a:b/metrics|parse \"http://a:b/metrics\": invalid port \":b\" after host",
                "a:1:2|http://a:1:2/metrics|parse \"http://a:1:2/metrics\": invalid port \":1:2\" after host: address a:1:2:"
                        + " too many colons in address",
                "[::1|http://[::1/metrics|parse \"http://[::1/metrics\": missing ']' in host: address [::1: missing ']' in"
                        + " address",
                "a:99999|http://a:99999/metrics|Get \"http://a:99999/metrics\": dial tcp: address 99999: invalid port",
            })
    void keepsATargetWhoseAddressIsNone(String address, String url, String fault) {
        Target target = kept(resolve(job(), Labels.EMPTY, "__address__", address));
        assertThat(target.url()).hasToString(url);
        assertThat(target.url().uri()).isNull();
        assertThat(target.url().fault()).isEqualTo(fault);
    }

    @Test
    void asksHostsOfOtherLettersByTheirNamesInAscii() {
        Target target = kept(resolve(job(), Labels.EMPTY, "__address__", "\u00fcber.example:80"));
        assertThat(target.url()).hasToString("http://%C3%BCber.example:80/metrics");
        assertThat(target.url().uri()).hasToString("http://xn--ber-goa.example:80/metrics");
    }

    /** As Prometheus, which does not show it among the dropped ones. */
    @Test
    void saysThatATargetWithoutAnyLabelHasNoAddress() {
        Resolution resolution = resolve(
                job().relabel(new RelabelConfig(
                        List.of(), ";", RelabelPattern.of(".*"), 0, "", "$1", RelabelAction.LABEL_DROP)),
                Labels.EMPTY,
                "__address__",
                "a:1");
        assertThat(resolution).isInstanceOf(Resolution.Invalid.class);
        assertThat(((Resolution.Invalid) resolution).reason()).isEqualTo("no address");
    }

    @Test
    void relabelsTheAddress() {
        Target target = kept(resolve(
                job().relabel(RelabelConfig.replace(List.of("__address__"), "(.*):1", "__address__", "$1:2")),
                Labels.EMPTY,
                "__address__",
                "a:1"));
        assertThat(target.url()).hasToString("http://a:2/metrics");
        assertThat(target.labels().get("instance")).isEqualTo("a:2");
        assertThat(target.discoveredLabels().get("__address__")).isEqualTo("a:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zone|x|no address",
                "__address__|a/b|\"a/b\" is not a valid hostname",
                "__scrape_interval__|0|scrape interval cannot be 0",
                "__scrape_interval__|x|error parsing scrape interval: not a valid duration string: \"x\"",
                "__scrape_timeout__|20s|scrape timeout cannot be greater than scrape interval (\"20s\" > \"10s\")",
            })
    void saysWhatIsWrongWithATarget(String name, String value, String reason) {
        Labels labels = name.equals("zone")
                ? Labels.of(name, value)
                : Labels.builder().set("__address__", "a:1").set(name, value).build();
        Resolution resolution =
                new TargetResolver(job().build()).resolve(new TargetGroup("s", Labels.EMPTY, List.of(labels)), labels);
        assertThat(resolution).isInstanceOf(Resolution.Invalid.class);
        assertThat(((Resolution.Invalid) resolution).reason()).isEqualTo(reason);
    }
}
