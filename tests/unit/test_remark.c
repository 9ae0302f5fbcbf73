/* SPDX-License-Identifier: ISC */
/*
 * Purpose: re-markings: what is hidden, where words go and which wins, the file that comes of it,
 * and the comparison with what was marked live, against figures worked out by hand.
 */
#include "client/feed/remark.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/keypair.h"
#include "client/batch/remark_batch.h"
#include "client/feed/remark_feed.h"
#include "client/report/remark_compare.h"
#include "client/screen/control.h"
#include "client/screen/paint.h"
#include "client/store/recording_check.h"
#include "client/store/recording_file.h"
#include "tests/support/interview.h"
#include "tests/support/recorded.h"
#include "tests/support/test_main.h"

#define SECONDS(n) (INT64_C(1000) * (n))

static struct sample played;
static struct keypair *key;

static int set_up(void) {
    struct certs_why why;
    key = keypair_make("marker", NULL, 0, &why);
    interview_play(&played, true);
    return key ? 0 : 1;
}

static int tear_down(void) {
    keypair_free(key);
    sample_free(&played);
    return 0;
}

static void begin(struct remark *remark, const struct sample *s, uint8_t seat) {
    struct recording rec;
    struct certs_why why = {{0}};
    recorded(s, seat, "k3v9xq2mt7ab", &rec);
    CU_ASSERT_TRUE_FATAL(remark_begin(remark, &rec, "Mara", &why));
}

/* The state after all events that a marker sees. */
static void fold(const struct remark *remark, struct room *room) {
    uint32_t count;
    struct event *events = remark_events(remark, &count);
    CU_ASSERT_PTR_NOT_NULL_FATAL(events);
    room_init(room);
    for (uint32_t i = 0; i < count; i++) {
        CU_ASSERT_EQUAL_FATAL(room_apply(room, &events[i], NULL, NULL), APPLY_OK);
    }
    free(events);
}

static void say(struct remark *remark, uint8_t item, enum mark mark, int64_t at) {
    struct certs_why why = {{0}};
    struct remark_word word = {.index = item, .value = (uint8_t)mark, .at = at};
    CU_ASSERT_TRUE(remark_say(remark, word, &why));
}

static void test_hidden(void) {
    static const uint8_t seats[] = {INTERVIEW_HOST, INTERVIEW_CANDIDATE, INTERVIEW_SECOND};
    for (size_t i = 0; i < sizeof seats; i++) {
        struct remark remark;
        struct room room;
        begin(&remark, &played, seats[i]);
        fold(&remark, &room);
        CU_ASSERT_EQUAL(room.sheet_count, 0);
        CU_ASSERT_EQUAL(room.flag_count, 0);
        for (uint32_t k = 0; k < room.line_count; k++) {
            CU_ASSERT_TRUE(room.lines[k].kind == LINE_SAY || room.lines[k].kind == LINE_NOTE_ALL);
        }
        CU_ASSERT_TRUE(room.pack->has_panel);
        CU_ASSERT_TRUE(sample_same_clock(&room, &remark.live));
        CU_ASSERT_EQUAL(room.seat_count, remark.live.seat_count + 1);
        CU_ASSERT_STRING_EQUAL(room.seats[remark.seat].name, "Mara");
        room_free(&room);
        remark_free(&remark);
    }
}

/* Whoever sits down after the marker is still the author of what they said. */
static void test_seats_move(void) {
    struct sample s;
    struct remark remark;
    struct room room;
    recorded_late_seat(&s);
    begin(&remark, &s, SAMPLE_HOST);
    fold(&remark, &room);
    CU_ASSERT_EQUAL_FATAL(room.line_count, 1);
    CU_ASSERT_STRING_EQUAL(room.seats[room.lines[0].by].name, "Late");
    CU_ASSERT_EQUAL(room.seats[room.lines[0].by].role, ROLE_COACH);
    room_free(&room);
    remark_free(&remark);
    sample_free(&s);
}

static enum mark mark_of(const struct remark *remark, int item, int64_t *at) {
    struct room room;
    fold(remark, &room);
    const struct room_sheet *sheet = room_sheet_of(&room, SEAT_SERVER);
    enum mark mark = sheet ? (enum mark)sheet->marks[item].mark : MARK_NOT_YET;
    *at = sheet ? sheet->marks[item].at : 0;
    room_free(&room);
    return mark;
}

static void test_last_word_wins(void) {
    struct remark remark;
    int64_t at;
    begin(&remark, &played, INTERVIEW_HOST);
    int64_t start = remark.first_at;
    say(&remark, 0, MARK_RAISED, start + SECONDS(900));
    CU_ASSERT_EQUAL(mark_of(&remark, 0, &at), MARK_RAISED);
    CU_ASSERT_EQUAL(at, start + SECONDS(900));
    /* Back in the recording: the later moment's mark, said before, has no say any more. */
    say(&remark, 0, MARK_PROMPTED, start + SECONDS(60));
    CU_ASSERT_EQUAL(mark_of(&remark, 0, &at), MARK_PROMPTED);
    CU_ASSERT_EQUAL(at, start + SECONDS(60));
    say(&remark, 0, MARK_RAISED, start + SECONDS(300));
    CU_ASSERT_EQUAL(remark.word_count, 2); /* prompted, then raised */
    say(&remark, 1, MARK_RAISED, start + SECONDS(200));
    CU_ASSERT_EQUAL(mark_of(&remark, 0, &at), MARK_RAISED);
    CU_ASSERT_EQUAL(mark_of(&remark, 1, &at), MARK_RAISED);
    say(&remark, 0, MARK_NOT_YET, start + SECONDS(300));
    CU_ASSERT_EQUAL(mark_of(&remark, 0, &at), MARK_NOT_YET);
    say(&remark, 0, MARK_NOT_YET, start);
    CU_ASSERT_EQUAL(remark.word_count, 1); /* as if item 0 had never been marked */
    remark_free(&remark);
}

static void test_first_and_last_moment(void) {
    struct remark remark;
    struct certs_why why = {{0}};
    int64_t at;
    begin(&remark, &played, INTERVIEW_HOST);
    struct remark_word early = {.value = MARK_RAISED, .at = remark.first_at - 1};
    CU_ASSERT_FALSE(remark_say(&remark, early, &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "from the start"));
    say(&remark, 0, MARK_RAISED, remark.first_at);
    say(&remark, 1, MARK_RAISED, remark.last_at + SECONDS(500));
    CU_ASSERT_EQUAL(mark_of(&remark, 0, &at), MARK_RAISED);
    CU_ASSERT_EQUAL(at, remark.first_at);
    CU_ASSERT_EQUAL(mark_of(&remark, 1, &at), MARK_RAISED);
    CU_ASSERT_EQUAL(at, remark.last_at);
    remark_free(&remark);
}

static void test_moments(void) {
    struct remark remark;
    begin(&remark, &played, INTERVIEW_HOST);
    int64_t start = remark.first_at;
    CU_ASSERT_EQUAL(remark_moment(&remark.live, 0), start);
    CU_ASSERT_EQUAL(remark_moment(&remark.live, SECONDS(705)), start + SECONDS(705));
    /* The pause from 705 s to 795 s is left out. */
    CU_ASSERT_EQUAL(remark_moment(&remark.live, SECONDS(706)), start + SECONDS(796));
    CU_ASSERT_EQUAL(remark_moment(&remark.live, SECONDS(2670)), start + SECONDS(2760));
    CU_ASSERT_EQUAL(remark_moment(&remark.live, SECONDS(2670) + 1), -1);
    remark_free(&remark);
}

static void test_refused(void) {
    struct sample s;
    struct recording rec;
    struct remark remark;
    struct certs_why why = {{0}};
    sample_open(&s, 0);
    recorded(&s, SAMPLE_HOST, "k3v9xq2mt7ab", &rec);
    CU_ASSERT_FALSE(remark_begin(&remark, &rec, "Mara", &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "never started"));
    remark_free(&remark);
    sample_free(&s);
}

/* ---- the file ---- */

static void seal(const struct remark *remark, struct mp_writer *bytes, struct recording *rec) {
    mp_writer_init(bytes);
    CU_ASSERT_TRUE_FATAL(remark_seal(remark, keypair_key(key), 5000, bytes));
    char *copy = malloc(bytes->len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    memcpy(copy, bytes->data, bytes->len);
    CU_ASSERT_EQUAL(recording_parse(rec, copy, bytes->len), RECORDING_OK);
}

static void test_file(void) {
    struct remark remark;
    struct mp_writer bytes;
    struct recording rec;
    begin(&remark, &played, INTERVIEW_HOST);
    say(&remark, 3, MARK_RAISED, remark.first_at + SECONDS(100));
    seal(&remark, &bytes, &rec);
    CU_ASSERT_TRUE(recording_is_remarking(&rec));
    CU_ASSERT_TRUE(span_equal(rec.by, "Mara"));
    CU_ASSERT_EQUAL(memcmp(rec.of.at, remark.original.chain, HASH_BYTES), 0);
    CU_ASSERT_TRUE(recording_check_signature(&rec));
    CU_ASSERT_EQUAL(rec.role, ROLE_COACH);
    CU_ASSERT_EQUAL(rec.seat, remark.seat);
    recording_free(&rec);
    mp_writer_free(&bytes);
    remark_free(&remark);
}

/* What it says of whose it is and of what is part of the chain. */
static void test_changed_head(void) {
    struct remark remark;
    struct mp_writer bytes;
    struct recording rec;
    begin(&remark, &played, INTERVIEW_HOST);
    say(&remark, 3, MARK_RAISED, remark.first_at + SECONDS(100));
    seal(&remark, &bytes, &rec);
    size_t by = (size_t)(rec.by.at - rec.bytes);
    size_t of = (size_t)(rec.of.at - rec.bytes);
    recording_free(&rec);
    for (size_t i = 0; i < 2; i++) {
        size_t at = i ? of : by;
        char *copy = malloc(bytes.len);
        CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
        memcpy(copy, bytes.data, bytes.len);
        copy[at] ^= 1;
        CU_ASSERT_EQUAL(recording_parse(&rec, copy, bytes.len), RECORDING_DAMAGED);
        CU_ASSERT_EQUAL(rec.count, 0);
        recording_free(&rec);
    }
    mp_writer_free(&bytes);
    remark_free(&remark);
}

static void test_resume(void) {
    struct remark first;
    struct remark second;
    struct mp_writer bytes;
    struct recording rec;
    struct certs_why why = {{0}};
    begin(&first, &played, INTERVIEW_HOST);
    say(&first, 3, MARK_PROMPTED, first.first_at + SECONDS(100));
    say(&first, 3, MARK_RAISED, first.first_at + SECONDS(700));
    struct remark_word flag = {.is_flag = true, .value = 1, .at = first.first_at + SECONDS(300)};
    CU_ASSERT_TRUE(remark_say(&first, flag, &why));
    seal(&first, &bytes, &rec);
    begin(&second, &played, INTERVIEW_HOST);
    CU_ASSERT_TRUE(remark_resume(&second, &rec, &why));
    CU_ASSERT_EQUAL_FATAL(second.word_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(first.words[i].at, second.words[i].at);
        CU_ASSERT_EQUAL(first.words[i].value, second.words[i].value);
        CU_ASSERT_EQUAL(first.words[i].is_flag, second.words[i].is_flag);
    }
    remark_free(&second);
    begin(&second, &played, INTERVIEW_COACH); /* another view: another recording */
    CU_ASSERT_FALSE(remark_resume(&second, &rec, &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "another recording"));
    remark_free(&second);
    recording_free(&rec);
    mp_writer_free(&bytes);
    remark_free(&first);
}

/* ---- lines ---- */

static bool batch(struct remark *remark, const char *lines, struct certs_why *why) {
    FILE *in = fmemopen((void *)(uintptr_t)lines, strlen(lines), "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(in);
    bool good = remark_batch(remark, in, why);
    fclose(in);
    return good;
}

static void test_batch(void) {
    struct remark remark;
    struct certs_why why = {{0}};
    int64_t at;
    begin(&remark, &played, INTERVIEW_HOST);
    CU_ASSERT_TRUE(batch(
        &remark,
        "{\"do\":\"mark.set\",\"item\":\"clarify-volume\",\"mark\":\"raised\",\"at\":800000}\n\n"
        "{\"do\":\"flag.set\",\"flag\":\"template-stack\",\"on\":true,\"at\":1000}\n"
        "{\"end\":true}\nnot read any more\n",
        &why));
    CU_ASSERT_EQUAL(remark.word_count, 2);
    int item = pack_item_find(remark.live.pack, span_of("clarify-volume"));
    CU_ASSERT_EQUAL(mark_of(&remark, item, &at), MARK_RAISED);
    CU_ASSERT_EQUAL(at, remark.first_at + SECONDS(890)); /* 90 s of pause before it */
    static const struct {
        const char *line, *why;
    } wrong[] = {
        {"{\"do\":\"mark.set\",\"item\":\"no-such\",\"mark\":\"raised\",\"at\":0}",
         "line 1: The prompt has no such item"},
        {"{\"do\":\"mark.set\",\"item\":\"clarify-volume\",\"mark\":\"raised\"}", "\"at\""},
        {"{\"do\":\"mark.set\",\"item\":\"clarify-volume\",\"mark\":\"raised\",\"at\":-1}",
         "\"at\""},
        {"{\"do\":\"mark.set\",\"item\":\"clarify-volume\",\"mark\":\"raised\",\"at\":2670001}",
         "past the interview's end"},
        {"{\"do\":\"clock.pause\",\"at\":0}", "only marks and flags"},
        {"\n# no line\nhello", "line 3: This is not JSON"},
        {"[]", "line 1: Each line"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CU_ASSERT_FALSE(batch(&remark, wrong[i].line, &why));
        CU_ASSERT_PTR_NOT_NULL(strstr(why.text, wrong[i].why));
    }
    CU_ASSERT_EQUAL(remark.word_count, 2);
    remark_free(&remark);
}

/* ---- the comparison ---- */

static void live_mark(struct sample *s, const char *item, enum mark mark) {
    s->now += 1000;
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_mark(ACTION_MARK_SET, item, mark)),
                    REFUSAL_NONE);
}

/* Ten items. Live: 0 raised, 1 prompted, 2 raised. Anew: 0 and 1 raised. Of the three that either
 * marks one is the same. Kappa: po = 8/10; live says raised 2, prompted 1, not yet 7 times, anew
 * raised 2, not yet 8: pe = (2*2 + 1*0 + 7*8) / 100 = 0.6; (0.8 - 0.6) / 0.4 = 0.5. */
static void small_pair(struct sample *s, struct remark *remark) {
    sample_open(s, 0);
    s->now += 1000;
    CU_ASSERT_EQUAL(sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    live_mark(s, "item-0", MARK_RAISED);
    live_mark(s, "item-1", MARK_PROMPTED);
    live_mark(s, "item-2", MARK_RAISED);
    begin(remark, s, SAMPLE_HOST);
    say(remark, 0, MARK_RAISED, remark->first_at);
    say(remark, 1, MARK_RAISED, remark->first_at);
}

static void test_compare(void) {
    struct sample s;
    struct remark remark;
    struct room anew;
    small_pair(&s, &remark);
    fold(&remark, &anew);
    CU_ASSERT_TRUE(remark_comparable(&remark.live, &anew));
    struct remark_compare compare = {
        .room_id = "k3v9xq2mt7ab", .live = &remark.live, .anew = &anew, .by = "Mara"};
    struct out out;
    out_init(&out);
    remark_compare_json(&compare, &out);
    json_t *line = json_loads(out.data, 0, NULL);
    json_t *json = json_object_get(line, "compared");
    json_t *whole = json_object_get(json, "agreement");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(whole, "same")), 1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(whole, "counted")), 3);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(whole, "percent")), 33);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(whole, "kinder")), 1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(whole, "harder")), 1);
    /* The first phase has the items 0 and 1: one of two the same. */
    json_t *first =
        json_object_get(json_array_get(json_object_get(json, "phases"), 0), "agreement");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(first, "percent")), 50);
    CU_ASSERT_PTR_NULL(json_object_get(first, "kappa")); /* one recording has none */
    json_t *last = json_array_get(json_object_get(json, "phases"), SAMPLE_PHASES - 1);
    CU_ASSERT_PTR_NULL(json_object_get(last, "agreement"));
    json_t *item = json_array_get(json_object_get(json, "items"), 1);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(item, "live")), "prompted");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(item, "anew")), "raised");
    json_decref(line);
    out_free(&out);
    room_free(&anew);
    remark_free(&remark);
    sample_free(&s);
}

/* One recording has no kappa, two together have one. */
static void test_set(void) {
    struct sample s;
    struct remark remark;
    struct room anew;
    struct out out;
    struct remark_set set = {.count = 0};
    struct insight_agreement one;
    small_pair(&s, &remark);
    fold(&remark, &anew);
    struct remark_compare compare = {
        .room_id = "k3v9xq2mt7ab", .live = &remark.live, .anew = &anew, .by = "Mara"};
    out_init(&out);
    remark_set_add(&set, &compare, &one);
    CU_ASSERT_EQUAL(one.counted, 3);
    remark_set_end(&set, &out);
    CU_ASSERT_PTR_NULL(strstr(out.data, "kappa 0"));
    remark_set_add(&set, &compare, &one);
    remark_set_end(&set, &out);
    /* By hand, of ten items: po 8/10; live 2 raised, 1 prompted, 7 not yet, anew 2, 0, 8:
     * pe (2*2 + 7*8) / 100 = .6; .2 / .4. Twice the same: the same. */
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "kappa 0.50 over 2 recordings"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "33 %  2 of 6, kinder on 2, harder on 2"));
    out_free(&out);
    room_free(&anew);
    remark_free(&remark);
    sample_free(&s);
}

static void test_compare_text(void) {
    struct sample s;
    struct remark remark;
    struct room anew;
    struct out out;
    small_pair(&s, &remark);
    fold(&remark, &anew);
    struct remark_compare compare = {
        .room_id = "k3v9xq2mt7ab", .live = &remark.live, .anew = &anew, .by = "Ma\033[31mra"};
    out_init(&out);
    remark_compare_text(&compare, &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "33 %  1 of 3, kinder on 1, harder on 1"));
    CU_ASSERT_PTR_NULL(strchr(out.data, '\033'));
    recorded_golden("remark_compare.txt", out.data, out.len);
    out_free(&out);
    compare.other = "Noé the second marker";
    out_init(&out);
    remark_compare_text(&compare, &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "marked anew by Noé the second marker and by Ma"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "Noé the … Ma"));
    out_free(&out);
    room_free(&anew);
    remark_free(&remark);
    sample_free(&s);
}

/* ---- the screen ---- */

static unsigned kept_count;

static bool on_kept(void *ctx, struct certs_why *why) {
    (void)ctx, (void)why;
    kept_count++;
    return true;
}

static void press(struct screen *screen, const char *keys) {
    for (; *keys; keys++) {
        screen->now = model_now(&screen->feed->model, 0);
        control_key(screen, *keys);
    }
}

static void draw(struct screen *screen, const char *name) {
    struct paint paint;
    CU_ASSERT_TRUE_FATAL(paint_init(&paint, 80, 24));
    screen->now = model_now(&screen->feed->model, 0);
    screen_follow(screen);
    screen_draw(screen, &paint);
    char *drawn = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(drawn);
    recorded_golden(name, drawn, strlen(drawn));
    free(drawn);
    paint_free(&paint);
}

static void test_screen(void) {
    struct remark remark;
    struct screen screen;
    int64_t at;
    begin(&remark, &played, INTERVIEW_HOST);
    struct feed *feed = remark_feed_new(&remark, NULL, on_kept, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(feed);
    screen_init(&screen, feed, NULL);
    kept_count = 0;
    screen.tab = TAB_RUBRIC;
    press(&screen, "a");
    CU_ASSERT_EQUAL(kept_count, 0); /* before the start: said so, and nothing is taken */
    CU_ASSERT_PTR_NOT_NULL(strstr(feed->model.message, "from the start"));
    feed->ops->seek(feed, remark.first_at + SECONDS(120));
    screen.tab = TAB_RUBRIC;
    screen_follow(&screen);
    screen.tab = TAB_RUBRIC;
    press(&screen, "acC");
    CU_ASSERT_EQUAL(kept_count, 3);
    CU_ASSERT_EQUAL(mark_of(&remark, 0, &at), MARK_RAISED);
    CU_ASSERT_EQUAL(at, remark.first_at + SECONDS(120));
    CU_ASSERT_EQUAL(mark_of(&remark, 1, &at), MARK_PROMPTED);
    CU_ASSERT_EQUAL(model_now(&feed->model, 0),
                    remark.first_at + SECONDS(120)); /* it stays there */
    draw(&screen, "screen-remark-80x24.txt");
    press(&screen, "xax");
    CU_ASSERT_EQUAL(kept_count, 4);
    CU_ASSERT_TRUE(remark.words[remark.word_count - 1].is_flag);
    press(&screen, "q");
    CU_ASSERT_TRUE(screen.quit);
    feed->ops->free(feed);
    remark_free(&remark);
}

static CU_TestInfo tests[] = {
    {"marks, flags and panel notes are hidden", test_hidden},
    {"seats given later move up by one", test_seats_move},
    {"the last word wins, wherever in the recording", test_last_word_wins},
    {"the first and the last moment", test_first_and_last_moment},
    {"moments of running time, pauses left out", test_moments},
    {"what cannot be marked", test_refused},
    {"the file is whole and signed by the marker", test_file},
    {"a changed head is found", test_changed_head},
    {"going on with an earlier one", test_resume},
    {"lines of a batch", test_batch},
    {"the comparison, worked out by hand", test_compare},
    {"the comparison as text", test_compare_text},
    {"several recordings together", test_set},
    {"on the screen", test_screen},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"remark", set_up, tear_down, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
