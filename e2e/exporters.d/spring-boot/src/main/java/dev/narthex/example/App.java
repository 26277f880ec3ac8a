// SPDX-License-Identifier: Apache-2.0
package dev.narthex.example;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers one request, and has Micrometer count and time it. */
@SpringBootApplication
@RestController
public class App {
    private final DistributionSummary names;

    App(MeterRegistry registry) {
        names = DistributionSummary.builder("greeting.name.length")
                .description("Length of the names that were greeted, \"with\" quotes \\ and a backslash")
                .baseUnit("characters")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        registry.gauge("greeting.temperature", this, app -> -1.5);
    }

    public static void main(String[] arguments) {
        SpringApplication.run(App.class, arguments);
    }

    @GetMapping("/greet")
    String greet(@RequestParam(defaultValue = "world") String name) {
        names.record(name.length());
        return "Hello, " + name;
    }
}
