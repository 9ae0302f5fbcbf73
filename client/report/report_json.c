/* SPDX-License-Identifier: ISC */
/*
 * report_json.c: the report for programs; the shape is written down in client/REPORT.md.
 *
 * Invariants: "format" is REPORT_JSON_FORMAT and changes with every change that a reader could trip
 * over; new keys do not count as one. Every text is whole, with what a terminal would act upon as
 * \uXXXX. Times: "at" is ms of room time, "clock" ms of running time of the interview, "when" tells
 * "before", "during" or "after".
 */
#include "client/report/report_board.h"
#include "client/report/report_parts.h"
#include "client/report/report_past.h"
#include "client/report/report_points.h"
#include "client/report/report_verdict.h"
#include "protocol/text/json.h"

static const char REPORT_JSON_FORMAT[] = "spar-report/2";

static void time_of(struct json *json, struct ledger_time time) {
    static const char *const whens[] = {"before", "during", "after"};
    json_put_number(json, "at", time.at);
    json_put_number(json, "clock", time.clock);
    json_put_text(json, "when", whens[time.when]);
}

static void moment(const struct report *report, struct json *json, int64_t at) {
    time_of(json, ledger_time_at(report->room, at));
}

static void author(const struct report *report, struct json *json, uint8_t seat) {
    if (seat != SEAT_SERVER) {
        json_put_number(json, "seat", seat);
    }
    json_put_text(json, "by", report_name(report, seat));
}

static void head(const struct report *report, struct json *json) {
    const struct room *room = report->room;
    json_put_text(json, "format", REPORT_JSON_FORMAT);
    json_put_text(json, "room", report->room_id);
    json_put_text(json, "stage", stage_name(room->stage));
    json_put_text(json, "view", role_name(report->role));
    json_put_number(json, "started", room->clock.started_at);
    json_put_number(json, "ended", report->end);
    json_put_truth(json, "debrief", room->opened);
    json_put_truth(json, "training", room->mode & MODE_TRAINING);
    json_put_truth(json, "guided", room->mode & MODE_GUIDED);
    json_put_text(json, "prompt", report->pack->title);
    json_put_text(json, "prompt_id", report->pack->id);
    json_put_text(json, "level", report->pack->level);
    if (report->pack->is_public) {
        json_put_truth(json, "public", true);
    }
    if (report->pack->lang[0]) {
        json_put_text(json, "lang", report->pack->lang);
    }
    json_put_text(json, "framework", report->pack->framework_title);
    json_put_text(json, "framework_id", report->pack->framework_id);
    json_put_text(json, "source", report->pack->source);
    json_put_text(json, "plan", report->plan);
    if (report->damage) {
        json_put_text(json, "damage", report->damage);
    }
    if (report->note) {
        json_put_text(json, "note", report->note);
    }
    if (report->missing) {
        json_put_text(json, "missing", report->missing);
    }
    json_put_list(json, "seats");
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role != ROLE_NONE) {
            json_put_object(json, NULL);
            json_put_number(json, "seat", i);
            json_put_text(json, "role", role_name(room->seats[i].role));
            json_put_text(json, "name", room->seats[i].name);
            json_end(json);
        }
    }
    json_end(json);
}

static void agreement(struct json *json, struct insight_agreement part) {
    if (part.counted) {
        json_put_object(json, "agreement");
        json_put_number(json, "same", part.same);
        json_put_number(json, "counted", part.counted);
        json_put_number(json, "percent", insight_percent(part));
        json_put_number(json, "kinder", part.kinder);
        json_put_number(json, "harder", part.harder);
        json_end(json);
    }
}

static void agree(const struct report *report, struct json *json, struct insight_agreement part) {
    if (report->comparable) {
        agreement(json, part);
    }
}

static void scores(struct json *json, int items, int raised, int prompted) {
    json_put_number(json, "items", items);
    json_put_number(json, "raised", raised);
    json_put_number(json, "prompted", prompted);
    json_put_number(json, "not_yet", items - raised - prompted);
}

static void summary(const struct report *report, struct json *json) {
    const struct insight_summary *sum = &report->summary;
    json_break(json);
    json_put_object(json, "summary");
    json_put_text(json, "sheet", report->scores_self ? "self" : "panel");
    scores(json, sum->items, sum->raised, sum->prompted);
    json_put_number(json, "flags", sum->flags);
    json_put_number(json, "planned", sum->planned);
    json_put_number(json, "reserve", sum->reserve);
    json_put_number(json, "extra", report->room->clock.extra);
    json_put_number(json, "actual", sum->actual);
    json_put_number(json, "failure_ms", sum->failure_ms);
    json_put_number(json, "failure_percent", sum->failure_percent);
    json_put_number(json, "failure_share", report->pack->failure_share);
    agree(report, json, report->agreement);
    json_end(json);
    json_put_list(json, "phases");
    for (uint8_t i = 0; i < report->pack->phase_count; i++) {
        const struct report_phase *phase = &report->phases[i];
        json_put_object(json, NULL);
        json_put_text(json, "id", phase->phase->id);
        json_put_text(json, "title", phase->phase->title);
        json_put_truth(json, "failure", phase->phase->failure);
        json_put_truth(json, "reached", phase->reached);
        json_put_number(json, "planned", phase->ledger.planned);
        json_put_number(json, "budget", phase->ledger.budget);
        json_put_number(json, "actual", phase->ledger.actual);
        scores(json, phase->ledger.items, phase->ledger.raised, phase->ledger.prompted);
        agree(report, json, phase->agreement);
        json_end(json);
    }
    json_end(json);
}

static void one_mark(const struct report *report, struct json *json, const char *name,
                     const struct report_mark *mark) {
    if (mark->mark.n) {
        json_put_object(json, name);
        json_put_text(json, "mark", mark_name(mark->mark.mark));
        if (mark->mark.was) {
            json_put_text(json, "before", mark_name((enum mark)(mark->mark.was - 1)));
        }
        author(report, json, mark->mark.by);
        time_of(json, mark->time);
        json_end(json);
    }
}

/* Only if a coach has a sheet. */
static void sealed_marks(const struct report *report, struct json *json, int item) {
    bool any = false;
    for (int i = 0; i < report->sheet_count; i++) {
        const struct report_mark *mark = &report->sheets[i].marks[item];
        if (report->sheets[i].sealed && mark->mark.n) {
            if (!any) {
                json_put_list(json, "sealed");
            }
            json_put_object(json, NULL);
            json_put_text(json, "mark", mark_name(mark->mark.mark));
            author(report, json, mark->mark.by);
            time_of(json, mark->time);
            json_end(json);
            any = true;
        }
    }
    if (any) {
        json_end(json);
    }
}

static const char *sheet_kind(const struct report *report, int index) {
    return index < 0 ? "panel" : report->sheets[index].sealed ? "sealed" : "self";
}

static void sheet_of(const struct report *report, struct json *json, const char *name, int index) {
    json_put_object(json, name);
    json_put_text(json, "sheet", sheet_kind(report, index));
    if (index >= 0) {
        author(report, json, report->sheets[index].owner);
    }
    json_end(json);
}

/* How far each two of the sheets agree. */
static void pairs(const struct report *report, struct json *json) {
    json_put_list(json, "agreements");
    for (int i = 0; i < report->pair_count; i++) {
        const struct report_pair *pair = &report->pairs[i];
        json_put_object(json, NULL);
        sheet_of(report, json, "a", pair->a);
        sheet_of(report, json, "b", pair->b);
        agreement(json, pair->whole);
        json_put_list(json, "phases");
        for (int p = 0; p < report->pack->phase_count; p++) {
            json_put_object(json, NULL);
            json_put_text(json, "id", report->pack->phases[p].id);
            agreement(json, pair->phase[p]);
            json_end(json);
        }
        json_end(json);
        json_end(json);
    }
    json_end(json);
}

/* What a pack of format 2 says of an item beside its group. */
static void item_more(const struct pack_item *item, struct json *json) {
    if (item->competency && item->competency[0]) {
        json_put_text(json, "competency", item->competency);
    }
    if (item->level != LEVEL_ANY) {
        json_put_text(json, "level", pack_level_name(item->level));
    }
    if (item->own) {
        json_put_truth(json, "own", true);
    }
    if (item->late) {
        json_put_truth(json, "late", true);
    }
}

static void items(const struct report *report, struct json *json) {
    json_put_list(json, "items");
    for (int i = 0; i < report->pack->item_count; i++) {
        const struct pack_item *item = &report->pack->items[i];
        json_put_object(json, NULL);
        json_put_text(json, "id", item->id);
        json_put_text(json, "phase", report->pack->phases[item->phase].id);
        json_put_text(json, "group", group_name(item->group));
        json_put_text(json, "title", item->title);
        if (report_counts(report, i)) {
            json_put_text(json, "counts", report_counts(report, i));
        }
        item_more(item, json);
        one_mark(report, json, "panel", &report->panel[i]);
        one_mark(report, json, "self", &report->self[i]);
        sealed_marks(report, json, i);
        json_end(json);
    }
    json_end(json);
}

static void moves(const struct report *report, struct json *json) {
    json_put_list(json, "moves");
    for (uint16_t i = 0; i < report->move_count; i++) {
        const struct ledger_move *move = &report->moves[i];
        bool ends = move->act == ACTION_CLOCK_JUMP || move->act == ACTION_CLOCK_FINISH;
        json_put_object(json, NULL);
        json_put_text(json, "do", action_row(move->act)->wire);
        json_put_text(json, "from", report->pack->phases[move->from].id);
        json_put_text(json, "to", report->pack->phases[move->to].id);
        author(report, json, move->by);
        time_of(json, move->time);
        if (move->act == ACTION_CLOCK_ADD || move->act == ACTION_CLOCK_RESUME ||
            move->act == ACTION_CLOCK_UNFINISH) {
            json_put_number(json, "ms", move->ms);
        }
        if (ends) {
            json_put_number(json, "left", move->left);
        }
        json_end(json);
    }
    json_end(json);
    json_put_list(json, "stretches");
    for (uint16_t i = 0; i < report->stretch_count; i++) {
        const struct ledger_stretch *stretch = &report->stretches[i];
        json_put_object(json, NULL);
        json_put_text(json, "phase", report->pack->phases[stretch->phase].id);
        json_put_truth(json, "paused", stretch->paused);
        json_put_number(json, "from", stretch->from);
        json_put_number(json, "to", stretch->to);
        json_end(json);
    }
    json_end(json);
}

static void flags(const struct report *report, struct json *json) {
    const struct room *room = report->room;
    json_put_list(json, "flags");
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        const struct pack_flag *what = &report->pack->flags[flag->flag];
        json_put_object(json, NULL);
        json_put_text(json, "id", what->id);
        json_put_text(json, "kind", what->kind == FLAG_RED ? "red flag" : "mistake");
        json_put_text(json, "title", what->title);
        json_put_text(json, "fix", what->fix);
        json_put_truth(json, "on", flag->on);
        if (flag->corrected) {
            json_put_truth(json, "corrected", true);
        }
        author(report, json, flag->by);
        moment(report, json, flag->at);
        json_end(json);
    }
    json_end(json);
    json_put_list(json, "reveals");
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        const struct room_reveal *reveal = &room->reveals[i];
        json_put_object(json, NULL);
        json_put_text(json, "kind",
                      reveal->curveball ? report_question_kind(report, reveal) : "fact");
        json_put_text(json, "id", reveal->id);
        json_put_text(json, "text", reveal->text);
        if (reveal->answer != ANSWER_UNSAID) {
            json_put_text(json, "answered", reveal->answer == ANSWER_WELL ? "well" : "with help");
        }
        author(report, json, reveal->by);
        moment(report, json, reveal->at);
        json_end(json);
    }
    json_end(json);
}

static void lines(const struct report *report, struct json *json) {
    static const char *const kinds[] = {"note.mine", "note.panel", "note.all", "talk.say",
                                        "talk.whisper"};
    json_put_list(json, "alarms");
    for (uint16_t i = 0; i < report->alarm_count; i++) {
        const struct ledger_alarm *alarm = &report->alarms[i];
        json_put_object(json, NULL);
        json_put_text(json, "id", report->pack->alarms[alarm->alarm].id);
        json_put_text(json, "text", report->pack->alarms[alarm->alarm].text);
        json_put_text(json, "phase", report->pack->phases[alarm->phase].id);
        time_of(json, alarm->time);
        json_end(json);
    }
    json_end(json);
    json_put_list(json, "lines");
    for (uint32_t i = 0; i < report->room->line_count; i++) {
        const struct room_line *line = report->lines[i];
        json_put_object(json, NULL);
        json_put_text(json, "kind", kinds[line->kind]);
        author(report, json, line->by);
        moment(report, json, line->at);
        json_put_text(json, "text", line->struck ? "" : line->text);
        if (line->changes > 0) {
            json_put_number(json, "changes", line->changes);
            json_put_truth(json, "struck", line->struck);
        }
        json_end(json);
    }
    json_end(json);
}

static void one_list(struct json *json, const char *name, const struct report_point *at,
                     int count) {
    json_put_list(json, name);
    for (int i = 0; i < count; i++) {
        json_put_object(json, NULL);
        json_put_text(json, "text", at[i].words);
        if (at[i].fix) {
            json_put_text(json, "fix", at[i].fix);
        }
        json_end(json);
    }
    json_end(json);
}

static void points(const struct report *report, struct json *json) {
    struct report_points proposed;
    report_points_fill(report, &proposed);
    one_list(json, "strengths", proposed.strengths, proposed.strength_count);
    one_list(json, "next_steps", proposed.steps, proposed.step_count);
}

static void verdict_scores(const struct report *report, struct json *json,
                           const struct room_verdict *verdict) {
    json_put_list(json, "scores");
    for (int i = 0; i < report_score_count(report, verdict); i++) {
        if (verdict->scores[i]) {
            json_put_object(json, NULL);
            json_put_text(json, "id",
                          verdict->rating ? verdict_rating_id((enum rating)i)
                                          : report->pack->competencies[i].id);
            json_put_number(json, "score", verdict->scores[i]);
            if (verdict->moments[i]) {
                moment(report, json, verdict->moments[i]);
            }
            json_end(json);
        }
    }
    json_end(json);
}

static void verdicts(const struct report *report, struct json *json) {
    static const char *const texts[VERDICT_TEXTS] = {"keep", "change", "drill"};
    json_put_list(json, "verdicts");
    for (uint8_t i = 0; i < report->room->verdict_count; i++) {
        const struct room_verdict *verdict = &report->room->verdicts[i];
        json_put_object(json, NULL);
        json_put_text(json, "kind", verdict->rating ? "rating" : "verdict");
        author(report, json, verdict->by);
        json_put_truth(json, "late", verdict->late);
        if (!verdict->rating) {
            json_put_text(json, "recommendation",
                          verdict_recommend_name((enum recommend)verdict->recommend));
            json_put_text(json, "level", pack_level_name((enum level)verdict->level));
        }
        verdict_scores(report, json, verdict);
        for (int k = 0; k < VERDICT_TEXTS; k++) {
            if (verdict->texts[k][0]) {
                json_put_text(json, verdict->rating ? "text" : texts[k], verdict->texts[k]);
            }
        }
        json_end(json);
    }
    json_end(json);
}

/* A percentage, or null where there is nothing to count. */
static void percent(struct json *json, const char *name, int value) {
    if (value >= 0) {
        json_put_number(json, name, value);
    } else {
        json_put_digits(json, name, "null");
    }
}

static void change(const struct report *report, struct json *json) {
    const struct report_past *past = report->past;
    if (!past) {
        return;
    }
    json_break(json);
    json_put_object(json, "change");
    json_put_text(json, "last", past->date);
    json_put_text(json, "last_prompt", past->title);
    json_put_number(json, "level_count", past->level_count);
    percent(json, "now_percent", past->now.whole);
    percent(json, "last_percent", past->last.whole);
    percent(json, "level_percent", past->level.whole);
    json_put_list(json, "phases");
    for (int i = 0; i < report->pack->phase_count; i++) {
        json_put_object(json, NULL);
        json_put_text(json, "id", report->pack->phases[i].id);
        percent(json, "now_percent", past->now.phase[i]);
        percent(json, "last_percent", past->last.phase[i]);
        percent(json, "level_percent", past->level.phase[i]);
        json_end(json);
    }
    json_end(json);
    json_end(json);
}

/* Its object stays open: the other half stands in it. */
static void one_half(const struct report *report, struct json *json, const char *name) {
    json_put_object(json, name);
    head(report, json);
    if (report->linked) {
        json_put_number(json, "half", report->half);
        json_put_text(json, "other_room", report->linked);
    }
    summary(report, json);
    verdicts(report, json);
    points(report, json);
    change(report, json);
    items(report, json);
    pairs(report, json);
    moves(report, json);
    flags(report, json);
    report_board_json(report, json);
    lines(report, json);
}

void report_json(const struct report *report, struct out *out) {
    struct json json;
    json_begin(&json, out, JSON_LINES);
    one_half(report, &json, NULL);
    if (report->other) {
        json_break(&json);
        one_half(report->other, &json, "other_half");
        json_end(&json);
    }
    json_end(&json);
    out_raw(out, "\n");
}
