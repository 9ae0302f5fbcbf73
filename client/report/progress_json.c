/* SPDX-License-Identifier: ISC */
/*
 * progress_json.c: a person's sessions over time for programs; the shape is in spar-progress(1).
 *
 * Texts are ASCII with \uXXXX, so nothing of a person acts upon a terminal.
 */
#include <jansson.h>
#include <stdlib.h>

#include "client/report/progress.h"
#include "client/report/progress_json.h"

json_t *progress_json_session(const struct progress_session *session) {
    const struct insight_summary *sum = &session->summary;
    json_t *phases = json_array();
    for (int i = 0; i < session->pack->phase_count; i++) {
        const struct insight_phase *part = &sum->phase[i];
        json_array_append_new(
            phases,
            json_pack("{s:s,s:s,s:b,s:I,s:I,s:I,s:i,s:i,s:i}", "id", session->pack->phases[i].id,
                      "title", session->pack->phases[i].title, "reached", session->reached[i],
                      "planned", (json_int_t)part->planned, "budget", (json_int_t)part->budget,
                      "actual", (json_int_t)part->actual, "items", part->items, "raised",
                      part->raised, "prompted", part->prompted));
    }
    json_t *flags = json_array();
    for (int i = 0; i < session->pack->flag_count; i++) {
        if (session->flags >> i & 1) {
            json_array_append_new(flags, json_string(session->pack->flags[i].id));
        }
    }
    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:b,s:s,s:i,s:i,s:i,s:I,s:I,s:o,s:o}", "room",
                     session->room, "prompt", session->pack->title, "role",
                     role_name(session->role), "candidate", session->candidate, "started",
                     (json_int_t)session->started, "finished", session->finished, "sheet",
                     session->self ? "self" : "panel", "items", sum->items, "raised", sum->raised,
                     "prompted", sum->prompted, "planned", (json_int_t)sum->planned, "actual",
                     (json_int_t)sum->actual, "phases", phases, "flags", flags);
}

json_t *progress_json_phases(const struct progress *progress) {
    json_t *all = json_array();
    for (uint32_t i = 0; i < progress->phase_count; i++) {
        const struct progress_phase *phase = &progress->phases[i];
        json_array_append_new(
            all, json_pack("{s:s,s:s,s:i,s:i,s:i,s:I,s:I,s:I,s:I,s:I}", "id", phase->id, "title",
                           phase->title, "sessions", phase->sessions, "reached", phase->reached,
                           "over", phase->over, "budget", (json_int_t)phase->budget, "actual",
                           (json_int_t)phase->actual, "items", (json_int_t)phase->items, "raised",
                           (json_int_t)phase->raised, "prompted", (json_int_t)phase->prompted));
    }
    return all;
}

json_t *progress_json_item(const struct progress *progress, const struct progress_item *item) {
    return json_pack("{s:s,s:s,s:s,s:i,s:i,s:i,s:i}", "id", item->id, "title", item->title, "phase",
                     progress->phases[item->phase].id, "sessions", item->asked, "raised",
                     item->raised, "prompted", item->prompted, "missed",
                     item->asked - item->raised - item->prompted);
}

json_t *progress_json_flags(const struct progress *progress) {
    json_t *all = json_array();
    for (uint32_t i = 0; i < progress->flag_count; i++) {
        const struct progress_flag *flag = &progress->flags[i];
        json_array_append_new(
            all, json_pack("{s:s,s:s,s:s,s:i}", "id", flag->id, "title", flag->title, "kind",
                           flag->red ? "red flag" : "mistake", "sessions", flag->sessions));
    }
    return all;
}

json_t *progress_json_notes(const struct progress *progress) {
    json_t *all = json_array();
    for (uint32_t i = 0; i < progress->note_count; i++) {
        json_array_append_new(all, json_string(progress->notes[i].text));
    }
    return all;
}

void progress_json_write(json_t *all, struct out *out) {
    char *text = all ? json_dumps(all, JSON_INDENT(1) | JSON_ENSURE_ASCII) : NULL;
    if (text) {
        out_raw(out, text);
        out_raw(out, "\n");
    } else {
        out->failed = true;
    }
    free(text);
    json_decref(all);
}

void progress_json(const struct progress *progress, const struct progress_options *options,
                   struct out *out) {
    json_t *sessions = json_array();
    json_t *items = json_array();
    for (uint32_t i = 0; i < progress->count; i++) {
        json_array_append_new(sessions, progress_json_session(&progress->sessions[i]));
    }
    for (uint32_t i = 0; i < progress->item_count; i++) {
        json_array_append_new(items, progress_json_item(progress, &progress->items[i]));
    }
    progress_json_write(json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o}", "format", "spar-progress/1",
                                  "role", role_name(options->role), "sessions", sessions, "phases",
                                  progress_json_phases(progress), "items", items, "flags",
                                  progress_json_flags(progress), "missing",
                                  progress_json_notes(progress)),
                        out);
}
