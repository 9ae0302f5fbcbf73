/* SPDX-License-Identifier: ISC */
/*
 * report_json.c: the report for programs; the shape is written down in client/REPORT.md.
 *
 * Invariants: "format" is REPORT_JSON_FORMAT and changes with every change that a reader could trip
 * over; new keys do not count as one. Every text is whole, with what a terminal would act upon as
 * \uXXXX. Times: "at" is ms of room time, "clock" ms of running time of the interview, "when" tells
 * "before", "during" or "after".
 */
#include "client/report/report_parts.h"
#include "client/report/report_past.h"
#include "client/report/report_points.h"

static const char REPORT_JSON_FORMAT[] = "spar-report/2";

/* Whether a comma is owed is read off the last byte that was written. */
static char last_byte(const struct out *out) {
    if (out->len == 0) {
        return '{';
    }
    return out->data[out->len - 1];
}

static void key(struct out *out, const char *name) {
    char last = last_byte(out);
    out_print(out, "%s\"%s\":", last == '{' || last == '[' ? "" : ",", name);
}

static void text(struct out *out, const char *name, const char *value) {
    key(out, name);
    out_raw(out, "\"");
    out_typed(out, OUT_JSON, value ? value : "");
    out_raw(out, "\"");
}

static void number(struct out *out, const char *name, int64_t value) {
    key(out, name);
    out_print(out, "%lld", (long long)value);
}

static void truth(struct out *out, const char *name, bool value) {
    key(out, name);
    out_raw(out, value ? "true" : "false");
}

/* An object of an array. */
static void begin(struct out *out) {
    char last = last_byte(out);
    out_raw(out, last == '[' ? "\n{" : ",\n{");
}

static void list(struct out *out, const char *name) {
    char last = last_byte(out);
    out_print(out, "%s\"%s\":[", last == '{' ? "" : ",\n", name);
}

static void time_of(struct out *out, struct ledger_time time) {
    static const char *const whens[] = {"before", "during", "after"};
    number(out, "at", time.at);
    number(out, "clock", time.clock);
    text(out, "when", whens[time.when]);
}

static void moment(const struct report *report, struct out *out, int64_t at) {
    time_of(out, ledger_time_at(report->room, at));
}

static void author(const struct report *report, struct out *out, uint8_t seat) {
    if (seat != SEAT_SERVER) {
        number(out, "seat", seat);
    }
    text(out, "by", report_name(report, seat));
}

static void head(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    text(out, "format", REPORT_JSON_FORMAT);
    text(out, "room", report->room_id);
    text(out, "stage", stage_name(room->stage));
    text(out, "view", role_name(report->role));
    number(out, "started", room->clock.started_at);
    number(out, "ended", report->end);
    truth(out, "debrief", room->opened);
    truth(out, "training", room->mode & MODE_TRAINING);
    truth(out, "guided", room->mode & MODE_GUIDED);
    text(out, "prompt", report->pack->title);
    text(out, "prompt_id", report->pack->id);
    text(out, "level", report->pack->level);
    if (report->pack->lang[0]) {
        text(out, "lang", report->pack->lang);
    }
    text(out, "framework", report->pack->framework_title);
    text(out, "framework_id", report->pack->framework_id);
    text(out, "source", report->pack->source);
    text(out, "plan", report->plan);
    if (report->damage) {
        text(out, "damage", report->damage);
    }
    if (report->note) {
        text(out, "note", report->note);
    }
    if (report->missing) {
        text(out, "missing", report->missing);
    }
    list(out, "seats");
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role != ROLE_NONE) {
            begin(out);
            number(out, "seat", i);
            text(out, "role", role_name(room->seats[i].role));
            text(out, "name", room->seats[i].name);
            out_raw(out, "}");
        }
    }
    out_raw(out, "]");
}

static void agreement(struct out *out, struct insight_agreement part) {
    if (part.counted) {
        key(out, "agreement");
        out_raw(out, "{");
        number(out, "same", part.same);
        number(out, "counted", part.counted);
        number(out, "percent", insight_percent(part));
        number(out, "kinder", part.kinder);
        number(out, "harder", part.harder);
        out_raw(out, "}");
    }
}

static void agree(const struct report *report, struct out *out, struct insight_agreement part) {
    if (report->comparable) {
        agreement(out, part);
    }
}

static void scores(struct out *out, int items, int raised, int prompted) {
    number(out, "items", items);
    number(out, "raised", raised);
    number(out, "prompted", prompted);
    number(out, "not_yet", items - raised - prompted);
}

static void summary(const struct report *report, struct out *out) {
    const struct insight_summary *sum = &report->summary;
    out_raw(out, ",\n\"summary\":{");
    text(out, "sheet", report->scores_self ? "self" : "panel");
    scores(out, sum->items, sum->raised, sum->prompted);
    number(out, "flags", sum->flags);
    number(out, "planned", sum->planned);
    number(out, "actual", sum->actual);
    number(out, "failure_ms", sum->failure_ms);
    number(out, "failure_percent", sum->failure_percent);
    number(out, "failure_share", report->pack->failure_share);
    agree(report, out, report->agreement);
    out_raw(out, "}");
    list(out, "phases");
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        const struct report_phase *phase = &report->phases[i];
        begin(out);
        text(out, "id", phase->phase->id);
        text(out, "title", phase->phase->title);
        truth(out, "failure", phase->phase->failure);
        truth(out, "reached", phase->reached);
        number(out, "planned", phase->ledger.planned);
        number(out, "budget", phase->ledger.budget);
        number(out, "actual", phase->ledger.actual);
        scores(out, phase->ledger.items, phase->ledger.raised, phase->ledger.prompted);
        agree(report, out, phase->agreement);
        out_raw(out, "}");
    }
    out_raw(out, "]");
}

static void one_mark(const struct report *report, struct out *out, const char *name,
                     const struct report_mark *mark) {
    if (mark->mark.n) {
        key(out, name);
        out_raw(out, "{");
        text(out, "mark", mark_name(mark->mark.mark));
        author(report, out, mark->mark.by);
        time_of(out, mark->time);
        out_raw(out, "}");
    }
}

/* Only if a coach has a sheet. */
static void sealed_marks(const struct report *report, struct out *out, int item) {
    bool any = false;
    for (int i = 0; i < report->sheet_count; i++) {
        const struct report_mark *mark = &report->sheets[i].marks[item];
        if (report->sheets[i].sealed && mark->mark.n) {
            if (!any) {
                list(out, "sealed");
            }
            begin(out);
            text(out, "mark", mark_name(mark->mark.mark));
            author(report, out, mark->mark.by);
            time_of(out, mark->time);
            out_raw(out, "}");
            any = true;
        }
    }
    out_raw(out, any ? "]" : "");
}

static const char *sheet_kind(const struct report *report, int index) {
    return index < 0 ? "panel" : report->sheets[index].sealed ? "sealed" : "self";
}

static void sheet_of(const struct report *report, struct out *out, const char *name, int index) {
    key(out, name);
    out_raw(out, "{");
    text(out, "sheet", sheet_kind(report, index));
    if (index >= 0) {
        author(report, out, report->sheets[index].owner);
    }
    out_raw(out, "}");
}

/* How far each two of the sheets agree. */
static void pairs(const struct report *report, struct out *out) {
    list(out, "agreements");
    for (int i = 0; i < report->pair_count; i++) {
        const struct report_pair *pair = &report->pairs[i];
        begin(out);
        sheet_of(report, out, "a", pair->a);
        sheet_of(report, out, "b", pair->b);
        agreement(out, pair->whole);
        list(out, "phases");
        for (int p = 0; p < report->pack->phase_count; p++) {
            begin(out);
            text(out, "id", report->pack->phases[p].id);
            agreement(out, pair->phase[p]);
            out_raw(out, "}");
        }
        out_raw(out, "]}");
    }
    out_raw(out, "]");
}

/* What a pack of format 2 says of an item beside its group. */
static void item_more(const struct pack_item *item, struct out *out) {
    if (item->competency && item->competency[0]) {
        text(out, "competency", item->competency);
    }
    if (item->level != LEVEL_ANY) {
        text(out, "level", pack_level_name(item->level));
    }
    if (item->own) {
        truth(out, "own", true);
    }
    if (item->late) {
        truth(out, "late", true);
    }
}

static void items(const struct report *report, struct out *out) {
    list(out, "items");
    for (int i = 0; i < report->pack->item_count; i++) {
        const struct pack_item *item = &report->pack->items[i];
        begin(out);
        text(out, "id", item->id);
        text(out, "phase", report->pack->phases[item->phase].id);
        text(out, "group", group_name(item->group));
        text(out, "title", item->title);
        if (report_counts(report, i)) {
            text(out, "counts", report_counts(report, i));
        }
        item_more(item, out);
        one_mark(report, out, "panel", &report->panel[i]);
        one_mark(report, out, "self", &report->self[i]);
        sealed_marks(report, out, i);
        out_raw(out, "}");
    }
    out_raw(out, "]");
}

static void moves(const struct report *report, struct out *out) {
    list(out, "moves");
    for (uint16_t i = 0; i < report->move_count; i++) {
        const struct ledger_move *move = &report->moves[i];
        bool ends = move->act == ACTION_CLOCK_JUMP || move->act == ACTION_CLOCK_FINISH;
        begin(out);
        text(out, "do", action_row(move->act)->wire);
        text(out, "from", report->pack->phases[move->from].id);
        text(out, "to", report->pack->phases[move->to].id);
        author(report, out, move->by);
        time_of(out, move->time);
        if (move->act == ACTION_CLOCK_ADD || move->act == ACTION_CLOCK_RESUME) {
            number(out, "ms", move->ms);
        }
        if (ends) {
            number(out, "left", move->left);
        }
        out_raw(out, "}");
    }
    out_raw(out, "]");
    list(out, "stretches");
    for (uint16_t i = 0; i < report->stretch_count; i++) {
        const struct ledger_stretch *stretch = &report->stretches[i];
        begin(out);
        text(out, "phase", report->pack->phases[stretch->phase].id);
        truth(out, "paused", stretch->paused);
        number(out, "from", stretch->from);
        number(out, "to", stretch->to);
        out_raw(out, "}");
    }
    out_raw(out, "]");
}

static void flags(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    list(out, "flags");
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        const struct pack_flag *what = &report->pack->flags[flag->flag];
        begin(out);
        text(out, "id", what->id);
        text(out, "kind", what->kind == FLAG_RED ? "red flag" : "mistake");
        text(out, "title", what->title);
        text(out, "fix", what->fix);
        truth(out, "on", flag->on);
        author(report, out, flag->by);
        moment(report, out, flag->at);
        out_raw(out, "}");
    }
    out_raw(out, "]");
    list(out, "reveals");
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        const struct room_reveal *reveal = &room->reveals[i];
        begin(out);
        text(out, "kind", reveal->curveball ? report_question_kind(report, reveal) : "fact");
        text(out, "id", reveal->id);
        text(out, "text", reveal->text);
        author(report, out, reveal->by);
        moment(report, out, reveal->at);
        out_raw(out, "}");
    }
    out_raw(out, "]");
}

static void lines(const struct report *report, struct out *out) {
    static const char *const kinds[] = {"note.mine", "note.panel", "note.all", "talk.say",
                                        "talk.whisper"};
    list(out, "alarms");
    for (uint16_t i = 0; i < report->alarm_count; i++) {
        const struct ledger_alarm *alarm = &report->alarms[i];
        begin(out);
        text(out, "id", report->pack->alarms[alarm->alarm].id);
        text(out, "text", report->pack->alarms[alarm->alarm].text);
        text(out, "phase", report->pack->phases[alarm->phase].id);
        time_of(out, alarm->time);
        out_raw(out, "}");
    }
    out_raw(out, "]");
    list(out, "lines");
    for (uint32_t i = 0; i < report->room->line_count; i++) {
        const struct room_line *line = report->lines[i];
        begin(out);
        text(out, "kind", kinds[line->kind]);
        author(report, out, line->by);
        moment(report, out, line->at);
        text(out, "text", line->text);
        out_raw(out, "}");
    }
    out_raw(out, "]");
}

static void one_list(struct out *out, const char *name, const struct report_point *at, int count) {
    list(out, name);
    for (int i = 0; i < count; i++) {
        begin(out);
        text(out, "text", at[i].words);
        if (at[i].fix) {
            text(out, "fix", at[i].fix);
        }
        out_raw(out, "}");
    }
    out_raw(out, "]");
}

static void points(const struct report *report, struct out *out) {
    struct report_points proposed;
    report_points_fill(report, &proposed);
    one_list(out, "strengths", proposed.strengths, proposed.strength_count);
    one_list(out, "next_steps", proposed.steps, proposed.step_count);
}

/* A percentage, or null where there is nothing to count. */
static void percent(struct out *out, const char *name, int value) {
    if (value >= 0) {
        number(out, name, value);
    } else {
        key(out, name);
        out_raw(out, "null");
    }
}

static void change(const struct report *report, struct out *out) {
    const struct report_past *past = report->past;
    if (!past) {
        return;
    }
    out_raw(out, ",\n\"change\":{");
    text(out, "last", past->date);
    text(out, "last_prompt", past->title);
    number(out, "level_count", past->level_count);
    percent(out, "now_percent", past->now.whole);
    percent(out, "last_percent", past->last.whole);
    percent(out, "level_percent", past->level.whole);
    list(out, "phases");
    for (int i = 0; i < report->pack->phase_count; i++) {
        begin(out);
        text(out, "id", report->pack->phases[i].id);
        percent(out, "now_percent", past->now.phase[i]);
        percent(out, "last_percent", past->last.phase[i]);
        percent(out, "level_percent", past->level.phase[i]);
        out_raw(out, "}");
    }
    out_raw(out, "]}");
}

static void one_half(const struct report *report, struct out *out) {
    out_raw(out, "{");
    head(report, out);
    if (report->linked) {
        number(out, "half", report->half);
        text(out, "other_room", report->linked);
    }
    summary(report, out);
    points(report, out);
    change(report, out);
    items(report, out);
    pairs(report, out);
    moves(report, out);
    flags(report, out);
    lines(report, out);
}

void report_json(const struct report *report, struct out *out) {
    one_half(report, out);
    if (report->other) {
        out_raw(out, ",\n\"other_half\":");
        one_half(report->other, out);
        out_raw(out, "}");
    }
    out_raw(out, "}\n");
}
