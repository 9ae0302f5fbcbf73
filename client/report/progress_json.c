/* SPDX-License-Identifier: ISC */
/*
 * progress_json.c: a person's sessions over time for programs; the shape is in spar-progress(1).
 *
 * Texts are ASCII with \uXXXX, so nothing of a person acts upon a terminal.
 */
#include "client/report/progress_json.h"

static void session_phases(struct json *json, const struct progress_session *session) {
    json_put_list(json, "phases");
    for (int i = 0; i < session->pack->phase_count; i++) {
        const struct insight_phase *part = &session->summary.phase[i];
        json_put_object(json, NULL);
        json_put_text(json, "id", session->pack->phases[i].id);
        json_put_text(json, "title", session->pack->phases[i].title);
        json_put_truth(json, "reached", session->reached[i]);
        json_put_number(json, "planned", part->planned);
        json_put_number(json, "budget", part->budget);
        json_put_number(json, "actual", part->actual);
        json_put_number(json, "items", part->items);
        json_put_number(json, "raised", part->raised);
        json_put_number(json, "prompted", part->prompted);
        json_end(json);
    }
    json_end(json);
}

static void session_flags(struct json *json, const struct progress_session *session) {
    json_put_list(json, "flags");
    for (int i = 0; i < session->pack->flag_count; i++) {
        if (session->flags >> i & 1) {
            json_put_text(json, NULL, session->pack->flags[i].id);
        }
    }
    json_end(json);
}

void progress_json_sessions(struct json *json, const struct progress *progress) {
    json_put_list(json, "sessions");
    for (uint32_t i = 0; i < progress->count; i++) {
        const struct progress_session *session = &progress->sessions[i];
        const struct insight_summary *sum = &session->summary;
        json_put_object(json, NULL);
        json_put_text(json, "room", session->room);
        json_put_text(json, "prompt", session->pack->title);
        json_put_text(json, "role", role_name(session->role));
        json_put_text(json, "candidate", session->candidate);
        json_put_number(json, "started", session->started);
        json_put_truth(json, "finished", session->finished);
        json_put_text(json, "sheet", session->self ? "self" : "panel");
        json_put_number(json, "items", sum->items);
        json_put_number(json, "raised", sum->raised);
        json_put_number(json, "prompted", sum->prompted);
        json_put_number(json, "planned", sum->planned);
        json_put_number(json, "actual", sum->actual);
        session_phases(json, session);
        session_flags(json, session);
        json_end(json);
    }
    json_end(json);
}

void progress_json_phases(struct json *json, const struct progress *progress) {
    json_put_list(json, "phases");
    for (uint32_t i = 0; i < progress->phase_count; i++) {
        const struct progress_phase *phase = &progress->phases[i];
        json_put_object(json, NULL);
        json_put_text(json, "id", phase->id);
        json_put_text(json, "title", phase->title);
        json_put_number(json, "sessions", phase->sessions);
        json_put_number(json, "reached", phase->reached);
        json_put_number(json, "over", phase->over);
        json_put_number(json, "budget", phase->budget);
        json_put_number(json, "actual", phase->actual);
        json_put_number(json, "items", (int64_t)phase->items);
        json_put_number(json, "raised", (int64_t)phase->raised);
        json_put_number(json, "prompted", (int64_t)phase->prompted);
        json_end(json);
    }
    json_end(json);
}

void progress_json_item(struct json *json, const struct progress *progress,
                        const struct progress_item *item) {
    json_put_object(json, NULL);
    json_put_text(json, "id", item->id);
    json_put_text(json, "title", item->title);
    json_put_text(json, "phase", progress->phases[item->phase].id);
    json_put_number(json, "sessions", item->asked);
    json_put_number(json, "raised", item->raised);
    json_put_number(json, "prompted", item->prompted);
    json_put_number(json, "missed", item->asked - item->raised - item->prompted);
    json_end(json);
}

void progress_json_flags(struct json *json, const struct progress *progress) {
    json_put_list(json, "flags");
    for (uint32_t i = 0; i < progress->flag_count; i++) {
        const struct progress_flag *flag = &progress->flags[i];
        json_put_object(json, NULL);
        json_put_text(json, "id", flag->id);
        json_put_text(json, "title", flag->title);
        json_put_text(json, "kind", flag->red ? "red flag" : "mistake");
        json_put_number(json, "sessions", flag->sessions);
        json_end(json);
    }
    json_end(json);
}

void progress_json_notes(struct json *json, const struct progress *progress) {
    json_put_list(json, "missing");
    for (uint32_t i = 0; i < progress->note_count; i++) {
        json_put_text(json, NULL, progress->notes[i].text);
    }
    json_end(json);
}

void progress_json(const struct progress *progress, const struct progress_options *options,
                   struct out *out) {
    struct json json;
    json_begin(&json, out, JSON_INDENTED);
    json_put_object(&json, NULL);
    json_put_text(&json, "format", "spar-progress/1");
    json_put_text(&json, "role", role_name(options->role));
    progress_json_sessions(&json, progress);
    progress_json_phases(&json, progress);
    json_put_list(&json, "items");
    for (uint32_t i = 0; i < progress->item_count; i++) {
        progress_json_item(&json, progress, &progress->items[i]);
    }
    json_end(&json);
    progress_json_flags(&json, progress);
    progress_json_notes(&json, progress);
    json_end(&json);
    out_raw(out, "\n");
}
