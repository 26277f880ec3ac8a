// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RouteConfig;
import java.util.List;

/**
 * What one resource adds to an alertmanager.yml, as {@link ConfigWriter#routing} writes it.
 *
 * @param order where the route stands among the children of the root, lower first
 * @param route a child of the root route
 * @param receivers the receivers that the route and its children name
 */
public record RoutingFragment(int order, RouteConfig route, List<ReceiverConfig> receivers) {
    static final String ORDER_FIELD = "order";

    public RoutingFragment {
        receivers = List.copyOf(receivers);
    }
}
