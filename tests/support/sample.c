/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see sample.h.
 */
#include "tests/support/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "protocol/room/view.h"

static const char *const phase_names[SAMPLE_PHASES] = {"clarify", "scope", "design", "defend",
                                                       "operate"};

static void must(bool good) {
    if (!good) {
        fprintf(stderr, "the sample could not be set up\n");
        abort();
    }
}

void *sample_array(size_t count, size_t size) {
    void *array = calloc(count + 1, size);
    if (!array) {
        abort();
    }
    return array;
}

static const char *keep(struct pack *pack, const char *text) {
    const char *copy = pack_text(pack, span_of(text));
    must(copy != NULL);
    return copy;
}

static const char *keep_id(struct pack *pack, const char *stem, int number) {
    char id[ID_MAX_BYTES];
    snprintf(id, sizeof id, "%s-%d", stem, number);
    return keep(pack, id);
}

static void fill_phases(struct pack *pack) {
    static const uint32_t minutes[2][SAMPLE_PHASES] = {{5, 3, 15, 12, 10}, {5, 3, 18, 12, 7}};
    pack->phase_count = SAMPLE_PHASES;
    pack->plan_count = 2;
    for (int i = 0; i < SAMPLE_PHASES; i++) {
        struct pack_phase *phase = &pack->phases[i];
        phase->id = keep(pack, phase_names[i]);
        phase->title = keep(pack, phase_names[i]);
        phase->goal = "A goal.";
        phase->watch = "What to watch.";
        phase->opening[0] = "An opening move.";
        phase->openings = 1;
        phase->failure = i == 3;
        pack->plans[0].budget_ms[i] = minutes[0][i] * 60000;
        pack->plans[1].budget_ms[i] = minutes[1][i] * 60000;
    }
    pack->plans[0].id = "even";
    pack->plans[0].title = "Even";
    pack->plans[1].id = "deep";
    pack->plans[1].title = "Deep";
}

static void fill_rubric(struct pack *pack) {
    pack->item_count = SAMPLE_ITEMS;
    pack->flag_count = SAMPLE_FLAGS;
    for (int i = 0; i < SAMPLE_ITEMS; i++) {
        pack->items[i] = (struct pack_item){.id = keep_id(pack, "item", i),
                                            .title = keep_id(pack, "title", i),
                                            .heading = "Heading",
                                            .strong = "A strong answer.",
                                            .phase = (uint8_t)(i / 2),
                                            .group = (enum item_group)(i % GROUP_COUNT)};
    }
    for (int i = 0; i < SAMPLE_FLAGS; i++) {
        pack->flags[i] = (struct pack_flag){.id = keep_id(pack, "flag", i),
                                            .title = keep_id(pack, "title", i),
                                            .fix = "A fix.",
                                            .kind = FLAG_RED};
    }
}

static void fill_alarms(struct pack *pack) {
    static const struct pack_alarm alarms[SAMPLE_ALARMS] = {
        {"unreached", "No Defend yet.", ALARM_UNREACHED, 3, 20 * 60000},
        {"minute-phase", "Leave Design.", ALARM_MINUTE, 3, 23 * 60000},
        {"minute", "Half.", ALARM_MINUTE, -1, 22 * 60000},
        {"ending", "One minute.", ALARM_ENDING, -1, 60000},
        {"over", "Over.", ALARM_OVER, -1, 0},
    };
    memcpy(pack->alarms, alarms, sizeof alarms);
    pack->alarm_count = SAMPLE_ALARMS;
}

static void fill_prompt(struct pack *pack) {
    for (int i = 0; i < SAMPLE_FACTS; i++) {
        pack->facts[pack->fact_count++] = (struct pack_fact){
            keep_id(pack, "fact", i), "Asked about it.", keep_id(pack, "the fact is", i)};
    }
    for (int i = 0; i < SAMPLE_CURVEBALLS; i++) {
        pack->curveballs[pack->curveball_count++] = (struct pack_question){
            keep_id(pack, "curve", i), keep_id(pack, "what now", i), "Strong.", (uint8_t)i};
    }
    for (int i = 0; i < SAMPLE_FOLLOWUPS; i++) {
        pack->followups[pack->followup_count++] = (struct pack_question){
            keep_id(pack, "follow", i), keep_id(pack, "and then", i), "Strong.", (uint8_t)i};
    }
    pack->steps[pack->step_count++] = (struct pack_step){"A step.", 2};
}

struct pack *sample_pack(void) {
    struct pack *pack = pack_new();
    must(pack != NULL);
    pack->has_panel = true;
    pack->framework_id = "sample";
    pack->framework_title = "A sample framework";
    pack->source = "Written for the tests.";
    pack->id = "prompt";
    pack->title = "A sample prompt";
    pack->level = "senior";
    pack->prompt = "Build it.";
    pack->failure_share = 30;
    pack->phrases[pack->phrase_count++] = "A phrase.";
    pack->tools[pack->tool_count++] = (struct pack_tool){"A need", {"a tool"}, 1};
    fill_phases(pack);
    fill_rubric(pack);
    fill_alarms(pack);
    fill_prompt(pack);
    return pack;
}

struct pack *sample_pack_two(void) {
    static const struct pack_suggest suggests[SAMPLE_SUGGESTS] = {
        {.id = "early",
         .text = "Early.",
         .kind = SUGGEST_EARLY,
         .phase = 2,
         .group = 1,
         .least = 3},
        {.id = "unprompted",
         .text = "Unprompted.",
         .kind = SUGGEST_UNPROMPTED,
         .phase = -1,
         .group = GROUP_FAILURE_MODE + 1,
         .least = 3,
         .mark = "item-9"},
        {.id = "open", .text = "Open.", .kind = SUGGEST_OPEN, .phase = 2, .ms = 180000},
        {.id = "steered", .text = "Steered.", .kind = SUGGEST_STEERED, .phase = -1, .least = 2},
        {.id = "eaten", .text = "Eaten.", .kind = SUGGEST_EATEN, .phase = -1, .ms = 120000},
    };
    struct pack *pack = sample_pack();
    pack->format = 2;
    for (int i = 0; i < 3; i++) {
        pack->items[i].group = GROUP_QUESTION;
        pack->items[6 + i].group = GROUP_FAILURE_MODE;
    }
    pack->items[3].group = GROUP_ACTION;
    pack->items[9].group = GROUP_ACTION;
    pack->suggest_count = SAMPLE_SUGGESTS;
    for (int i = 0; i < SAMPLE_SUGGESTS; i++) {
        int flag = pack->flag_count;
        pack->suggests[i] = suggests[i];
        if (suggests[i].mark) {
            continue;
        }
        pack->flags[pack->flag_count++] = (struct pack_flag){.id = keep_id(pack, "suggested", i),
                                                             .title = keep_id(pack, "title", flag),
                                                             .fix = "A fix."};
        pack->suggests[i].flag = pack->flags[flag].id;
    }
    pack->suggests[SUGGEST_OPEN].items[0] = pack->items[4].id;
    pack->suggests[SUGGEST_OPEN].items[1] = pack->items[5].id;
    pack->suggests[SUGGEST_OPEN].item_count = 2;
    return pack;
}

/* More items, of other ids and titles but for the first. The headings of a phase stay: a guided
 * candidate sees them. */
static void change_titles(struct pack *pack) {
    pack->item_count = SAMPLE_ITEMS + 7;
    for (int i = SAMPLE_ITEMS / 2; i < pack->item_count; i++) {
        pack->items[i] = (struct pack_item){.id = keep_id(pack, "another-one", i),
                                            .title = keep_id(pack, "Something else", i),
                                            .heading = "Heading",
                                            .phase = (uint8_t)(i % SAMPLE_PHASES),
                                            .group = GROUP_CLOSING};
    }
}

static void change_rubric(struct pack *pack) {
    static const struct pack_alarm late = {"so-late", "Where is Scope?", ALARM_UNREACHED, 1, 60000};
    pack->failure_share = 31;
    pack->flag_count = 1;
    pack->flags[0].title = "Another flag";
    pack->tools[pack->tool_count++] = (struct pack_tool){"Another need", {"one", "two"}, 2};
    pack->phrases[pack->phrase_count++] = "Another phrase, which is longer.";
    pack->alarms[2] = late;
    pack->alarms[pack->alarm_count++] = (struct pack_alarm){"soon", "Go on.", ALARM_OVER, 2, 5000};
    pack->phases[1].failure = true;
}

static void change_brief(struct pack *pack) {
    for (int i = 0; i < pack->item_count; i++) {
        pack->items[i].strong = i % 2 ? "" : "A strong answer, told at length.";
    }
    pack->phases[0].watch = "";
    pack->facts[pack->fact_count++] = (struct pack_fact){"more", "Asked.", "There is more."};
    pack->facts[0].asked = "Asked in another way.";
    pack->curveballs[0].strong = "";
    pack->followups[pack->followup_count++] = (struct pack_question){"last", "And?", "So.", 4};
    pack->step_count = 0;
}

struct pack *sample_other_pack(enum moment moment) {
    struct pack *pack = sample_pack();
    if (moment < MOMENT_START) {
        pack->prompt = "Build something else, as large as you can, and say why.";
    }
    if (moment < MOMENT_SHEET) {
        change_titles(pack);
    }
    change_rubric(pack);
    change_brief(pack);
    return pack;
}

struct pack *sample_scored_pack(void) {
    static const struct pack_competency competencies[SAMPLE_COMPETENCIES] = {
        {"design", "Designs", "Poor.", "Mixed.", "Good.", "Excellent.", 2, 3, 4},
        {"defend", "Defends", "Poor.", "Mixed.", "Good.", "Excellent.", 1, 2, 3}};
    struct pack *pack = sample_pack_two();
    pack->competency_count = SAMPLE_COMPETENCIES;
    memcpy(pack->competencies, competencies, sizeof competencies);
    for (int i = 0; i < pack->item_count; i++) {
        pack->items[i].counts = "The least.";
        pack->items[i].weak = "Weak.";
        pack->items[i].competency = competencies[i % SAMPLE_COMPETENCIES].id;
    }
    return pack;
}

void sample_new(struct sample *s) {
    memset(s, 0, sizeof *s);
    room_init(&s->room);
    s->now = 1000;
    must(mp_reader_init(&s->reader) == MP_OK);
}

void sample_free(struct sample *s) {
    for (uint32_t i = 0; i < s->count; i++) {
        free(s->bytes[i]);
    }
    free(s->bytes);
    free(s->events);
    mp_reader_free(&s->reader);
    room_free(&s->room);
}

static void store(struct sample *s, const struct event *event) {
    struct mp_writer w;
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 64;
        s->bytes = realloc(s->bytes, s->cap * sizeof *s->bytes);
        s->events = realloc(s->events, s->cap * sizeof *s->events);
    }
    if (!s->bytes || !s->events) {
        abort();
    }
    mp_writer_init(&w);
    event_write_stored(&w, event);
    must(!w.failed && event_read_stored(&s->reader, w.data, w.len, &s->events[s->count]));
    s->bytes[s->count++] = w.data; /* the writer's memory goes over to the sample */
}

enum refusal sample_command(struct sample *s, const struct command *command) {
    struct event event;
    enum refusal refusal = room_decide(&s->room, command, s->now, &event);
    if (refusal == REFUSAL_NONE && event.pos != 0) {
        store(s, &event);
        must(room_apply(&s->room, &s->events[s->count - 1], NULL, NULL) == APPLY_OK);
    }
    return refusal;
}

enum refusal sample_do(struct sample *s, uint8_t seat, struct body body) {
    uint32_t id = seat < ROOM_SEATS_MAX ? ++s->ids[seat] : 0;
    return sample_command(s, &(struct command){.seat = seat, .id = id, .body = body});
}

enum refusal sample_invite(struct sample *s, enum role role, uint8_t invite) {
    char hash[HASH_BYTES];
    memset(hash, invite, sizeof hash);
    return sample_do(s, SEAT_SERVER,
                     (struct body){.act = ACTION_SEAT_INVITE,
                                   .has = F(role) | F(invite),
                                   .role = role,
                                   .invite = {hash, HASH_BYTES}});
}

enum refusal sample_join(struct sample *s, uint8_t key, uint8_t invite, const char *name) {
    char hash[HASH_BYTES];
    char owner[HASH_BYTES];
    memset(hash, invite, sizeof hash);
    memset(owner, key, sizeof owner);
    return sample_do(s, SEAT_SERVER,
                     (struct body){.act = ACTION_SEAT_JOIN,
                                   .has = F(name) | F(key) | F(invite),
                                   .name = span_of(name),
                                   .key = {owner, HASH_BYTES},
                                   .invite = {hash, HASH_BYTES}});
}

/* The panel's body, in as many parts as it needs. */
static void give_brief(struct sample *s, struct span panel) {
    for (uint32_t i = 0, left = pack_parts(panel); left-- > 0; i++) {
        struct body body = {.act = ACTION_ROOM_BRIEF,
                            .has = F(pack) | (left > 0 ? F(left) : 0),
                            .pack = pack_part(panel, i),
                            .left = left};
        must(sample_do(s, SEAT_SERVER, body) == REFUSAL_NONE);
    }
}

static void open_section(struct sample *s, const struct pack *pack, enum pack_section section,
                         struct body body) {
    struct mp_writer w;
    mp_writer_init(&w);
    pack_write(&w, pack, section);
    must(!w.failed);
    body.has |= F(pack);
    body.pack = (struct span){w.data, (uint32_t)w.len};
    must(sample_do(s, SEAT_SERVER, body) == REFUSAL_NONE);
    mp_writer_free(&w);
}

/* As a server has it: read from its two bodies. */
static struct pack *read_again(const struct pack *pack) {
    struct mp_writer bodies[2];
    struct pack_fault fault;
    for (int i = 0; i < 2; i++) {
        mp_writer_init(&bodies[i]);
        pack_write(&bodies[i], pack, i == 0 ? SECTION_PUBLIC : SECTION_PANEL);
        must(!bodies[i].failed);
    }
    struct pack *read = pack_read((struct span){bodies[0].data, (uint32_t)bodies[0].len},
                                  (struct span){bodies[1].data, (uint32_t)bodies[1].len}, &fault);
    must(read != NULL);
    mp_writer_free(&bodies[0]);
    mp_writer_free(&bodies[1]);
    return read;
}

/* By rules 1 with the public body, by others in sections. */
static void give_sections(struct sample *s, const struct pack *pack, struct body open) {
    struct mp_writer w;
    open.act = ACTION_ROOM_OPEN;
    open.has |= F(mode) | F(plan);
    if (!(open.has & F(rules)) || open.rules < 2) {
        open_section(s, pack, SECTION_PUBLIC, open);
    } else {
        open_section(s, pack, SECTION_OPEN, open);
        open_section(s, pack, SECTION_GUIDE, body_plain(ACTION_ROOM_GUIDE));
        open_section(s, pack, SECTION_PROMPT, body_plain(ACTION_ROOM_PROMPT));
        open_section(s, pack, SECTION_TITLES, body_plain(ACTION_ROOM_TITLES));
        open_section(s, pack, SECTION_RUBRIC, body_plain(ACTION_ROOM_RUBRIC));
    }
    mp_writer_init(&w);
    pack_write_panel(&w, pack);
    must(!w.failed);
    give_brief(s, (struct span){w.data, (uint32_t)w.len});
    mp_writer_free(&w);
}

void sample_give_pack(struct sample *s, const struct pack *pack, struct body open) {
    struct pack *read = read_again(pack);
    give_sections(s, read, open);
    pack_unref(read);
}

void sample_open_as(struct sample *s, const struct pack *pack, struct body open) {
    static const enum role roles[SAMPLE_SEATS] = {ROLE_INTERVIEWER, ROLE_CANDIDATE, ROLE_COACH,
                                                  ROLE_INTERVIEWER};
    static const char *const names[SAMPLE_SEATS] = {"Host", "Candidate", "Coach", "Second"};
    sample_new(s);
    sample_give_pack(s, pack, open);
    for (int i = 0; i < SAMPLE_SEATS; i++) {
        must(sample_invite(s, roles[i], (uint8_t)(i + 1)) == REFUSAL_NONE);
        must(sample_join(s, (uint8_t)(i + 1), (uint8_t)(i + 1), names[i]) == REFUSAL_NONE);
    }
}

void sample_open_rules(struct sample *s, uint32_t mode, uint32_t rules) {
    struct pack *pack = sample_pack();
    sample_open_as(s, pack, (struct body){.has = F(rules), .mode = mode, .rules = rules});
    pack_unref(pack);
}

void sample_open(struct sample *s, uint32_t mode) {
    struct pack *pack = sample_pack();
    sample_open_as(s, pack, (struct body){.mode = mode});
    pack_unref(pack);
}

bool sample_replay(const struct sample *s, uint32_t count, struct room *out) {
    bool good = true;
    room_init(out);
    for (uint32_t i = 0; i < count; i++) {
        good = good && room_apply(out, &s->events[i], NULL, NULL) == APPLY_OK;
    }
    return good;
}

bool sample_view(const struct sample *s, uint8_t seat, uint32_t count, struct room *out) {
    bool good = true;
    uint32_t *order = sample_array(count, sizeof *order);
    uint32_t n = view_order(&s->room, seat, s->events, count, order);
    room_init(out);
    for (uint32_t i = 0; i < n; i++) {
        struct event seen = view_event(&s->events[order[i]], seat, i + 1);
        seen.id = view_owns(&s->room, seat, &s->events[order[i]]) ? seen.id : 0;
        good = good && room_apply(out, &seen, NULL, NULL) == APPLY_OK;
    }
    free(order);
    return good;
}

bool sample_same(const struct room *a, const struct room *b) {
    uint8_t one[HASH_BYTES];
    uint8_t two[HASH_BYTES];
    must(digest_room(a, one) && digest_room(b, two));
    return memcmp(one, two, HASH_BYTES) == 0;
}

bool sample_same_clock(const struct room *a, const struct room *b) {
    const struct room_clock *x = &a->clock;
    const struct room_clock *y = &b->clock;
    bool same = x->phase == y->phase && x->started_at == y->started_at &&
                x->entered_at == y->entered_at && x->paused_at == y->paused_at &&
                x->finished_at == y->finished_at;
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        same = same && x->spent[i] == y->spent[i] && x->budget[i] == y->budget[i] &&
               x->added[i] == y->added[i] && x->reached[i] == y->reached[i];
    }
    return same;
}

struct body body_plain(enum action act) {
    return (struct body){.act = act};
}

struct body body_mark(enum action act, const char *item, enum mark mark) {
    return (struct body){.act = act, .has = F(item) | F(mark), .item = span_of(item), .mark = mark};
}

struct body body_text(enum action act, const char *text) {
    return (struct body){.act = act, .has = F(text), .text = span_of(text)};
}

struct body body_phase(enum action act, int64_t phase) {
    return (struct body){.act = act, .has = F(phase), .phase = phase};
}

struct body body_add(int64_t phase, int64_t ms) {
    return (struct body){
        .act = ACTION_CLOCK_ADD, .has = F(phase) | F(ms), .phase = phase, .ms = ms};
}

struct body body_plan(int64_t plan) {
    return (struct body){.act = ACTION_CLOCK_PLAN, .has = F(plan), .plan = plan};
}

struct body body_flag(const char *flag, bool on) {
    return (struct body){
        .act = ACTION_FLAG_SET, .has = F(flag) | F(on), .flag = span_of(flag), .on = on};
}

struct body body_drop(const char *suggest) {
    return (struct body){
        .act = ACTION_SUGGEST_DROP, .has = F(suggest), .suggest = span_of(suggest)};
}

struct body body_fact(const char *id) {
    return (struct body){.act = ACTION_FACT_REVEAL, .has = F(fact), .fact = span_of(id)};
}

struct body body_curveball(const char *id) {
    return (struct body){.act = ACTION_CURVE_THROW, .has = F(curveball), .curveball = span_of(id)};
}

struct body body_gone(int64_t seat, int64_t session) {
    return (struct body){
        .act = ACTION_SEAT_GONE, .has = F(seat) | F(session), .seat = seat, .session = session};
}
