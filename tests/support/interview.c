/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see interview.h.
 */
#include "tests/support/interview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/pack/file.h"

enum { HOST = INTERVIEW_HOST, CAND = INTERVIEW_CANDIDATE, COACH = INTERVIEW_COACH };
enum { SECOND = INTERVIEW_SECOND };

/* One line of the script. when: seconds of room time after the start. */
struct line {
    int when;
    uint8_t seat;
    enum action act;
    const char *text; /* id or text */
    int value;        /* mark, phase, seconds, on */
    int phase;        /* of clock.add */
};
#define MARK(when, seat, item, mark) \
    { when, seat, ACTION_MARK_SET, item, MARK_##mark, 0 }
#define SELF(when, item, mark) \
    { when, CAND, ACTION_SELF_SET, item, MARK_##mark, 0 }
#define TEXT(when, seat, act, text) \
    { when, seat, ACTION_##act, text, 0, 0 }
#define JUMP(when, phase) \
    { when, HOST, ACTION_CLOCK_JUMP, NULL, phase, 0 }
#define FLAG(when, seat, flag, on) \
    { when, seat, ACTION_FLAG_SET, flag, on, 0 }
#define ADD(when, phase, seconds) \
    { when, HOST, ACTION_CLOCK_ADD, NULL, seconds, phase }

static const struct line script[] = {
    TEXT(-240, HOST, TALK_SAY, "Welcome! Ready when you are 🙂"),
    TEXT(-200, CAND, TALK_SAY, "Ready. <script>alert('x')</script> | just testing the chat"),
    ADD(-120, 4, 60),
    TEXT(0, HOST, CLOCK_START, NULL),
    TEXT(35, HOST, FACT_REVEAL, "peak-rate"),
    MARK(40, HOST, "clarify-volume", RAISED),
    MARK(75, HOST, "clarify-latency", PROMPTED),
    TEXT(80, HOST, FACT_REVEAL, "dashboard-lag"),
    SELF(85, "clarify-volume", RAISED),
    SELF(95, "clarify-latency", RAISED),
    MARK(120, SECOND, "clarify-ends", RAISED),
    TEXT(131, HOST, FACT_REVEAL, "report-deadline"),
    MARK(160, HOST, "clarify-schema", RAISED),
    FLAG(170, COACH, "latency-is-throughput", 1),
    TEXT(171, COACH, TALK_WHISPER, "Ask what real-time means \033[31mNOW\033[0m"),
    MARK(205, HOST, "clarify-latency", RAISED),
    FLAG(210, COACH, "latency-is-throughput", 0),
    SELF(230, "clarify-ends", RAISED),
    MARK(260, HOST, "clarify-written", PROMPTED),
    JUMP(272, 1),
    MARK(310, HOST, "scope-core", RAISED),
    MARK(338, HOST, "scope-park", RAISED),
    MARK(395, SECOND, "scope-confirm", PROMPTED),
    SELF(400, "scope-core", RAISED),
    TEXT(420, COACH, NOTE_PANEL, "Parks cost and a second region by name.\nGood instinct."),
    JUMP(480, 2),
    MARK(560, HOST, "design-sketch", RAISED),
    MARK(612, HOST, "design-ingest", RAISED),
    MARK(612, SECOND, "design-tied", RAISED),
    TEXT(700, HOST, TALK_SAY, "One moment, my doorbell"),
    TEXT(705, HOST, CLOCK_PAUSE, NULL),
    TEXT(795, HOST, CLOCK_RESUME, NULL),
    MARK(860, HOST, "design-process", RAISED),
    SELF(862, "design-process", RAISED),
    MARK(1010, HOST, "design-store", RAISED),
    MARK(1065, COACH, "design-rejected", PROMPTED),
    FLAG(1090, HOST, "template-stack", 1),
    TEXT(1095, HOST, CURVE_THROW, "ten-x"),
    MARK(1180, HOST, "design-numbers", RAISED),
    SELF(1185, "design-numbers", NOT_YET + 1),
    MARK(1300, HOST, "design-serve", PROMPTED),
    TEXT(1320, SECOND, NOTE_MINE, "=HYPERLINK(\"http://x\") \u202e gnp.exe\u202c"),
    ADD(1400, 2, 120),
    FLAG(1480, COACH, "waits-for-failures", 1),
    TEXT(1500, COACH, TALK_WHISPER, "They are not going to reach Operate: cut the design short."),
    JUMP(1650, 3),
    MARK(1700, HOST, "mode-late", RAISED),
    MARK(1761, SECOND, "mode-duplicates", PROMPTED),
    MARK(1830, HOST, "defend-idempotency", RAISED),
    SELF(1835, "defend-idempotency", RAISED),
    MARK(1900, HOST, "defend-late", RAISED),
    SELF(1905, "mode-late", RAISED),
    MARK(1980, HOST, "mode-outage", PROMPTED),
    TEXT(1990, HOST, CURVE_THROW, "double-run"),
    MARK(2075, COACH, "defend-told", RAISED),
    JUMP(2120, 2),
    TEXT(2124, CAND, TALK_SAY, "Back to the drawing for a second: 這裡的延遲預算是六十秒"),
    JUMP(2165, 3),
    MARK(2200, HOST, "defend-schema", RAISED),
    JUMP(2400, 4),
    MARK(2460, HOST, "operate-partitions", RAISED),
    MARK(2520, HOST, "operate-alerts", PROMPTED),
    MARK(2600, SECOND, "quality-fresh", RAISED),
    SELF(2610, "quality-fresh", RAISED),
    SELF(2612, "quality-complete", RAISED),
    ADD(2660, 4, -60),
    MARK(2700, HOST, "close-summary", PROMPTED),
    FLAG(2710, SECOND, "steered", 1),
    TEXT(2725, CAND, NOTE_ALL,
         "Summary: **stream for 60 s**, [batch](http://evil.example) by 7 am"),
    TEXT(2760, HOST, CLOCK_FINISH, NULL),
    MARK(2800, HOST, "close-metric", RAISED),
    SELF(2810, "close-metric", RAISED),
    TEXT(2830, HOST, TALK_SAY, "Thank you!\tLet's look at it together."),
};

static void must(bool good, const char *what) {
    if (!good) {
        fprintf(stderr, "the interview could not be played: %s\n", what);
        abort();
    }
}

static struct pack *read_pack(void) {
    static struct pack_file_faults faults; /* too large for a stack */
    char path[PACK_FILE_PATH_MAX];
    const char *folder = getenv("SPAR_PACKS");
    snprintf(path, sizeof path, "%s/click-stream.yaml", folder ? folder : "contrib/packs");
    struct pack *pack = pack_file_read(path, &faults);
    must(pack != NULL, path);
    return pack;
}

static void seat_all(struct sample *s) {
    static const enum role roles[] = {ROLE_INTERVIEWER, ROLE_CANDIDATE, ROLE_COACH,
                                      ROLE_INTERVIEWER};
    static const char *const names[] = {"Ines Ferrer", "Chris O'Neil", "王小明 (coach)",
                                        "<i>Max|*\u202etxt\u202c\033[1m"};
    for (uint8_t i = 0; i < 4; i++) {
        s->now += 5000;
        must(sample_invite(s, roles[i], i + 1) == REFUSAL_NONE, "an invite");
        must(sample_join(s, i + 1, i + 1, names[i]) == REFUSAL_NONE, "a seat");
    }
}

static struct body body_of(const struct line *line) {
    switch (line->act) {
    case ACTION_MARK_SET:
    case ACTION_SELF_SET: return body_mark(line->act, line->text, (enum mark)line->value);
    case ACTION_FLAG_SET: return body_flag(line->text, line->value);
    case ACTION_FACT_REVEAL: return body_fact(line->text);
    case ACTION_CURVE_THROW: return body_curveball(line->text);
    case ACTION_CLOCK_JUMP: return body_phase(line->act, line->value);
    case ACTION_CLOCK_ADD: return body_add(line->phase, line->value * INT64_C(1000));
    default: return line->text ? body_text(line->act, line->text) : body_plain(line->act);
    }
}

void interview_play(struct sample *s, bool debrief) {
    const int64_t start = INT64_C(1795428000000); /* 2026-11-23 10:00 UTC */
    struct pack *pack = read_pack();
    sample_new(s);
    s->now = start - 300000;
    sample_give_pack(s, pack, (struct body){.mode = MODE_GUIDED});
    pack_unref(pack);
    seat_all(s);
    for (size_t i = 0; i < sizeof script / sizeof *script; i++) {
        s->now = start + script[i].when * INT64_C(1000);
        enum refusal refusal = sample_do(s, script[i].seat, body_of(&script[i]));
        must(refusal == REFUSAL_NONE, script[i].text ? script[i].text : refusal_name(refusal));
    }
    if (debrief) {
        s->now += 60000;
        must(sample_do(s, HOST, body_plain(ACTION_DEBRIEF_OPEN)) == REFUSAL_NONE, "the debrief");
    }
}

void interview_model(const struct sample *s, uint8_t seat, struct model *model) {
    model_init(model);
    room_free(&model->room);
    must(sample_view(s, seat, s->count, &model->room), "a view");
    snprintf(model->room_id, sizeof model->room_id, "k3v9xq2mt7ab");
    model->seat = seat;
    model->role = s->room.seats[seat].role;
    model->connection = CONNECTION_RECORDING;
}
