/* SPDX-License-Identifier: ISC */
/*
 * nodes.c: a table of at most 80 columns for people, and JSON for programs.
 */
#include "server/operate/nodes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/text/json.h"
#include "protocol/text/text.h"

static const char *state_of(const struct node *node) {
    return !node_lives(node) ? "dead" : node->drains ? "drains" : "live";
}

enum { TITLE_MAX = NODE_ADDRESS_MAX + 1 };

/* Who has no address is known by its machine. */
static void write_title(const struct node *node, char title[TITLE_MAX]) {
    text_plain(span_of(node->address[0] != '\0' ? node->address : node->name), title, TITLE_MAX);
}

static void write_table(struct out *out, const struct node_list *list, uint32_t self) {
    out_print(out, "%-22s %6s %-12s %6s %6s %6s %6s %s\n", "SERVER", "LEASE", "VERSION", "CONN.",
              "ROOMS", "BEAT s", "BEHIND", "STATE");
    for (uint32_t i = 0; i < list->count; i++) {
        const struct node *node = &list->at[i];
        char title[TITLE_MAX], app[APP_MAX_BYTES + 1];
        write_title(node, title);
        text_plain(span_of(node->app[0] != '\0' ? node->app : "?"), app, sizeof app);
        out_print(out, "%-22s %6u %-12s %6" PRId64 " %6" PRId64 " %6.1f %6" PRId64 " %s%s\n", title,
                  node->boot, app, node->load.connections, node->load.rooms,
                  (double)node->age_ms / 1000, node->behind, state_of(node),
                  node->boot == self ? "*" : "");
    }
}

static void write_json(struct out *out, const struct node_list *list, uint32_t self) {
    struct json json;
    json_begin(&json, out, JSON_INDENTED);
    json_put_list(&json, NULL);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct node *node = &list->at[i];
        json_put_object(&json, NULL);
        json_put_number(&json, "lease", node->boot);
        json_put_text(&json, "address", node->address);
        json_put_text(&json, "machine", node->name);
        json_put_text(&json, "version", node->app);
        json_put_number(&json, "form", node->form);
        json_put_text(&json, "state", state_of(node));
        json_put_truth(&json, "answers", node->boot == self);
        json_put_number(&json, "connections", node->load.connections);
        json_put_number(&json, "rooms", node->load.rooms);
        json_put_number(&json, "beat_ms", node->age_ms);
        json_put_number(&json, "behind", node->behind);
        json_end(&json);
    }
    json_end(&json);
    out_raw(out, "\n");
}

void nodes_write(struct out *out, const struct node_list *list, uint32_t self, int64_t since,
                 bool json) {
    struct node_list now = *list;
    for (uint32_t i = 0; i < now.count; i++) {
        now.at[i].age_ms += since;
    }
    (json ? write_json : write_table)(out, &now, self);
}

bool nodes_are_well(const struct node_list *list, int64_t since, char line[NODES_LINE_MAX]) {
    if (since >= NODE_DEAD_MS) {
        snprintf(line, NODES_LINE_MAX,
                 "The database has not answered this server for %" PRId64
                 " s; that is what was known then.",
                 since / 1000);
        return false;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (!node_lives(&list->at[i])) {
            char title[TITLE_MAX];
            write_title(&list->at[i], title);
            snprintf(line, NODES_LINE_MAX,
                     "The server %.300s has not been heard of for %" PRId64
                     " s; look whether it runs, and reaches the database.",
                     title, list->at[i].age_ms / 1000);
            return false;
        }
    }
    line[0] = '\0';
    return true;
}
