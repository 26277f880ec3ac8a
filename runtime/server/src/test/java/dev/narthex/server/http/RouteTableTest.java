// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final Route LABEL = Route.get("/label/:name/values", _ -> Response.empty(200));
    private static final Route HEALTHY = Route.probe("/-/healthy", _ -> Response.empty(200));
    private static final Route FILES = Route.get("/files/*path", _ -> Response.empty(200));

    private final RouteTable table = new RouteTable("/p", List.of(LABEL, HEALTHY, FILES));

    @Test
    void placeholdersStandForOneSegmentAndAStarForTheRest() {
        assertThat(table.find("/p/label/é/values")).isEqualTo(new RouteTable.Match(LABEL, Map.of("name", "é")));
        assertThat(table.find("/p/label//values")).isEqualTo(new RouteTable.Match(LABEL, Map.of("name", "")));
        assertThat(table.find("/p/label/a/b/values")).isNull();
        assertThat(table.find("/p/files/a/b/")).isEqualTo(new RouteTable.Match(FILES, Map.of("path", "a/b/")));
        assertThat(table.find("/p/files")).isNull();
        assertThat(table.find("/label/a/values")).isNull();
    }

    @Test
    void knowsWhatDiffersInCapitalsOrASlashOnly() {
        assertThat(table.find("/p/-/Healthy")).isNull();
        assertThat(table.besides("/p/-/Healthy")).isEqualTo("/p/-/healthy");
        assertThat(table.besides("/P/-/healthy/")).isEqualTo("/p/-/healthy");
        assertThat(table.besides("/p/-/healthy//")).isNull();
        assertThat(table.besides("/")).isNull();
    }

    @Test
    void decodesEscapesAndBytes() {
        assertThat(RouteTable.decoded("/a+b")).isEqualTo("/a+b");
        assertThat(RouteTable.decoded("/a%2fb%C3%a9")).isEqualTo("/a/bé");
        assertThat(RouteTable.decoded("/\u00c3\u00a9")).isEqualTo("/é");
        assertThat(RouteTable.decoded("/%zz")).isNull();
        assertThat(RouteTable.decoded("/a%")).isNull();
        assertThat(RouteTable.decoded("/a%2")).isNull();
    }
}
