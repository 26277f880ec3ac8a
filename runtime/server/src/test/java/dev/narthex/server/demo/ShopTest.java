// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.testkit.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShopTest {
    private static final Duration TICK = Duration.ofMillis(100);

    private final ManualClock clock = new ManualClock();
    private final Shop shop = new Shop(clock, 1);

    private String page(Shop of) {
        ExpositionWriter page = new ExpositionWriter();
        of.writeTo(page);
        return page.toString();
    }

    private void trade(Shop of, int ticks) {
        for (int i = 0; i < ticks; i++) {
            of.customers(TICK, 30);
            clock.advance(TICK);
        }
    }

    @Test
    void servesEverybodyWhileTheFaultIsOff() {
        trade(shop, 100);

        assertThat(page(shop))
                .contains("demo_http_requests_total{code=\"500\",route=\"/checkout\"} 0\n")
                .contains("demo_fault 0\n");
    }

    @Test
    void failsOneInThreeCheckoutsWhileTheFaultIsOn() {
        shop.setFaulty(true);
        int failed = 0;
        for (int i = 0; i < 3_000; i++) {
            failed += shop.request(Shop.CHECKOUT) == 500 ? 1 : 0;
        }

        assertThat(failed).isBetween(900, 1_100);
        assertThat(shop.request("/cart")).isEqualTo(200);
    }

    @Test
    void hasTheAskedTrafficOnAverage() {
        trade(shop, 1_000);

        long requests = page(shop)
                .lines()
                .filter(line -> line.startsWith("demo_http_requests_total{"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        assertThat(requests).isBetween(2_900L, 3_100L);
    }

    @Test
    void givesEqualTrafficForEqualSeeds() {
        Shop other = new Shop(clock, 1);
        for (int i = 0; i < 50; i++) {
            shop.customers(TICK, 30);
            other.customers(TICK, 30);
        }

        assertThat(page(other)).isEqualTo(page(shop));
    }

    @Test
    void countsARequestAsUnderWayUntilItsTimeIsOver() {
        shop.request("/cart");
        assertThat(shop.inFlight()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(60));
        assertThat(shop.inFlight()).isZero();
    }
}
