// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(errors, false, StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private int check(String... arguments) throws Exception {
        return new CheckCommand(console).run((Command.Check) CommandLine.parse(arguments));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    @Test
    void goodConfigurationInTheFormOfPromtool() throws Exception {
        write("r.rules", "groups: [{name: g, rules: [{record: a, expr: sum(b)}]}]");
        Path file = write("p.yml", "rule_files: ['*.rules']");
        assertThat(check("check", "config", file.toString())).isZero();
        assertThat(out()).isEqualTo("""
                Checking DIR/p.yml
                  SUCCESS: 1 rule files found
                 SUCCESS: DIR/p.yml is valid prometheus config file syntax

                Checking DIR/r.rules
                  SUCCESS: 1 rules found

                """.replace("DIR", folder.toString()));
        assertThat(errors()).isEmpty();
    }

    @Test
    void badConfigurationNamesThePlace() throws Exception {
        Path file = write("p.yml", "scrape_configs:\n- job_name: a\n  scheem: http\n");
        assertThat(check("check", "config", "--syntax-only", file.toString())).isOne();
        assertThat(errors())
                .contains("FAILED: " + file + ":3:3: scrape_configs[0].scheem: unknown field; did you mean");
    }

    @Test
    void whatThisBuildCannotDoIsGoodAndSaidApart() throws Exception {
        Path file = write("p.yml", "scrape_configs:\n- job_name: a\n  consul_sd_configs: [{token: hush}]\n");
        assertThat(check("check", "config", "--syntax-only", file.toString())).isZero();
        assertThat(errors()).contains("NOT SUPPORTED: " + file + ":3:3: scrape_configs[0].consul_sd_configs");
        assertThat(errors()).doesNotContain("hush");
    }

    @Test
    void whatIsWrongBehindTheTextNamesItsPlaceAllAtOnce() throws Exception {
        write("t.json", "[{\"targets\": [\"y\"], \"labels\": {\"__scrape_timeout__\": \"1h\"}}]");
        write("more.yml", "scrape_configs:\n- job_name: b\n  bearer_token_file: none\n");
        Path file = write("p.yml", """
                scrape_config_files: [more.yml]
                scrape_configs:
                - job_name: a
                  tls_config: {cert_file: none, key_file: none}
                  file_sd_configs:
                  - files: [missing.json, t.json]
                  static_configs:
                  - targets: [x:1]
                  - targets: [ok]
                    labels: {__scrape_interval__: 1m}
                  relabel_configs: [{source_labels: [__address__], regex: x.*, target_label: __address__, replacement: ""}]
                """);
        assertThat(check("check", "config", file.toString())).isOne();
        assertThat(errors().lines())
                .containsExactly(
                        "  FAILED:",
                        file + ":4:27: scrape_configs[0].tls_config.cert_file: found \"" + folder
                                + "/none\"; there is no such file; correct the path",
                        file + ":4:43: scrape_configs[0].tls_config.key_file: found \"" + folder
                                + "/none\"; there is no such file; correct the path",
                        file + ":6:27: scrape_configs[0].file_sd_configs[0].files[1]: in " + folder
                                + "/t.json: found \"y\", which is no target behind its labels and relabelling: scrape timeout"
                                + " cannot be greater than scrape interval (\"1h\" > \"1m\"); correct its labels or the"
                                + " relabelling",
                        file
                                + ":8:15: scrape_configs[0].static_configs[0].targets[0]: found \"x:1\", which is no target"
                                + " behind its labels and relabelling: no address; correct its labels or the relabelling",
                        folder + "/more.yml:3:22: scrape_configs[0].bearer_token_file: found \"" + folder
                                + "/none\"; there is no such file; correct the path");
    }

    @Test
    void rulesThatCannotBeReadAreNoneAndThereforeNamed() throws Exception {
        Path good = write("r.yml", "groups: []");
        assertThat(check("check", "rules", folder + "/none.yml", folder.toString(), good.toString()))
                .isOne();
        assertThat(errors())
                .contains("FAILED: " + folder + "/none.yml: cannot be read: no such file; check the path")
                .contains(
                        "FAILED: " + folder + ": cannot be read: Is a directory; check that it is a file and readable");
        assertThat(out()).contains("Checking " + good + "\n  SUCCESS: 0 rules found");
    }

    @Test
    void missingRuleFileIsNamed() throws Exception {
        Path file = write("p.yml", "rule_files: [none.rules]");
        assertThat(check("check", "config", file.toString())).isOne();
        assertThat(errors()).contains("none.rules\" does not point to an existing file");
    }

    @Test
    void filesThatAreNamedAreLookedAt() throws Exception {
        write("bad.json", "[{\"targets\": [\"http://x\"]}]");
        Path file = write("p.yml", """
                scrape_configs:
                - job_name: a
                  authorization: {credentials_file: none}
                  file_sd_configs: [{files: [bad.json]}]
                - job_name: b
                  tls_config: {cert_file: none.pem, key_file: p.yml}
                alerting:
                  alertmanagers:
                  - file_sd_configs: [{files: ["x[.json"]}]
                """);
        assertThat(check("check", "config", "--syntax-only", file.toString())).isZero();
        assertThat(check("check", "config", file.toString())).isOne();
        assertThat(errors())
                .contains("p.yml:3:37: scrape_configs[0].authorization.credentials_file: found ")
                .contains("p.yml:4:30: scrape_configs[0].file_sd_configs[0].files[0]: in ", "is not a valid hostname")
                .contains("p.yml:6:27: scrape_configs[1].tls_config.cert_file: found ")
                .contains("brackets that are not closed");
    }

    @Test
    void targetsThatAreWrittenDownHaveToBeTargetsAfterRelabelling() throws Exception {
        String job = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['']}]\n";
        assertThat(check("check", "config", "--syntax-only", write("p.yml", job).toString()))
                .isOne();
        assertThat(errors())
                .contains("p.yml:3:31: scrape_configs[0].static_configs[0].targets[0]: found ", "no address");
        String relabelled = job + "  relabel_configs: [{target_label: __address__, replacement: x}]\n";
        assertThat(check("check", "config", write("p.yml", relabelled).toString()))
                .isZero();
    }

    @Test
    void targetFilesThatAreNotThereAreAWarning() throws Exception {
        Path file = write("p.yml", "scrape_configs: [{job_name: a, file_sd_configs: [{files: [none.json]}]}]");
        assertThat(check("check", "config", file.toString())).isZero();
        assertThat(out()).contains("none.json\" for file_sd in scrape job \"a\" does not exist\n SUCCESS");
    }

    @Test
    void scrapeConfigFilesAreLeftAloneWhereOnlyTheSyntaxCounts() throws Exception {
        write("jobs.yml", "scrape_configs: [{job_name: a, foo: 1}]");
        Path file = write("p.yml", "scrape_config_files: [jobs.yml]");
        assertThat(check("check", "config", "--syntax-only", file.toString())).isZero();
        assertThat(check("check", "config", file.toString())).isOne();
        assertThat(errors()).contains("jobs.yml:1:32: scrape_configs[0].foo: unknown field");
    }

    @Test
    void badExpressionAndDuplicates() throws Exception {
        Path bad = write("bad.rules", "groups: [{name: g, rules: [{alert: A, expr: 'sum('}]}]");
        assertThat(check("check", "rules", bad.toString())).isOne();
        assertThat(errors()).contains("rule 1, \"A\": could not parse expression");
        String twice = "groups: [{name: g, rules: [{record: a, expr: b}, {record: a, expr: c}]}]";
        Path duplicates = write("twice.rules", twice);
        assertThat(check("check", "rules", duplicates.toString())).isZero();
        assertThat(check("check", "rules", "--lint-fatal", duplicates.toString()))
                .isEqualTo(3);
        assertThat(errors()).contains("lint error 1 duplicate rule(s) found.\nMetric: a\n");
        assertThat(check("check", "rules", "--lint=none", "--lint-fatal", duplicates.toString()))
                .isZero();
    }

    @Test
    void relabelShowsEveryStep() throws Exception {
        Path file = write("p.yml", """
                scrape_configs:
                - job_name: a
                  relabel_configs:
                  - {source_labels: [pod], target_label: name}
                  - {source_labels: [name], target_label: shard, modulus: 4, action: hashmod}
                  - {source_labels: [name], regex: web, action: drop}
                  - {regex: name, action: labeldrop}
                """);
        Command.Relabel command = (Command.Relabel) CommandLine.parse("relabel", file.toString(), "--job=a", "pod=web");
        assertThat(new RelabelCommand(console).run(command)).isZero();
        assertThat(out())
                .contains("step 1, replace: {name=\"web\", pod=\"web\"}")
                .contains("step 2, hashmod: {name=\"web\", pod=\"web\", shard=")
                .endsWith("step 3, drop: dropped\n");
    }
}
