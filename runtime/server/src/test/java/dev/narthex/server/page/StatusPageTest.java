// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.scrape.TargetHealth;
import dev.narthex.server.api.Samples;
import dev.narthex.server.configuration.ConfigurationControl;
import dev.narthex.server.http.Request;
import dev.narthex.testkit.time.ManualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusPageTest {
    @Test
    void showsEverythingAtAGlanceAndEscapesIt() throws Exception {
        ConfigurationControl control = new ConfigurationControl(
                new ManualClock(), new ConfigurationAssembler(new ConfigLoader(_ -> "")), _ -> List.of(), List.of());
        control.failed("Secret <x> missing");
        StatusPage page = new StatusPage(
                "My <shop>",
                "/base",
                InstantSource.fixed(Samples.NOW.plusSeconds(300)),
                control::loaded,
                () -> List.of(Samples.target("a:1", TargetHealth.DOWN, "connection refused")),
                () -> List.of(Samples.group()),
                () -> List.of(Samples.integration(Samples.NOW, Samples.NOW.minusSeconds(5))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        page.handle(Request.get("/", "")).body().writeTo(out);
        String html = out.toString(StandardCharsets.UTF_8);

        assertThat(html)
                .contains("<title>My &lt;shop&gt;</title>")
                .contains("<p class=\"problem\">Secret &lt;x&gt; missing</p>")
                .contains("<td class=\"down\">down</td><td>shop/web</td>")
                .contains("<td>5 min ago</td><td>connection refused</td>")
                .contains("<td class=\"firing\">firing</td><td>Down</td><td>pod=&lt;a&gt;</td>")
                .contains("<td class=\"err\">err</td><td>job:up:sum</td>")
                .contains("<td class=\"failed\">failed</td><td>shop/page</td>")
                .contains("href=\"/base/metrics\"")
                .doesNotContain("<a></td>")
                .doesNotContain("src=")
                .doesNotContain("http-equiv=\"refresh\" content=\"0\"");
    }
}
