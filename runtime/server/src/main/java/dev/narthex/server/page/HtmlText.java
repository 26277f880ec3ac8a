// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.page;

import dev.narthex.model.EscapedHtml;
import java.util.List;

/** Writes HTML; every text is escaped on its way in. For one thread. */
final class HtmlText {
    private final StringBuilder html = new StringBuilder(4096);

    /** Markup of our own. */
    HtmlText raw(String markup) {
        html.append(markup);
        return this;
    }

    /** Text of anybody's. */
    HtmlText text(String text) {
        html.append(EscapedHtml.of(text));
        return this;
    }

    /** A heading with a count. */
    HtmlText heading(String title, int count) {
        return raw("<h2>")
                .text(title)
                .raw(" <small>")
                .text(Integer.toString(count))
                .raw("</small></h2>\n");
    }

    /** Opens a table. */
    HtmlText table(List<String> columns) {
        raw("<table><thead><tr>");
        columns.forEach(column -> raw("<th scope=\"col\">").text(column).raw("</th>"));
        return raw("</tr></thead><tbody>\n");
    }

    /** A row, the first cell of which shows a state. */
    HtmlText row(String state, List<String> cells) {
        raw("<tr><td class=\"").text(state).raw("\">").text(state).raw("</td>");
        cells.forEach(cell -> raw("<td>").text(cell).raw("</td>"));
        return raw("</tr>\n");
    }

    HtmlText endTable() {
        return raw("</tbody></table>\n");
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
