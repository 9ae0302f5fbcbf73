/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a picture on record: what is one, in which parts it comes, at its bounds and one past
 * them; who may and when; that it uses up nothing else, and is not the board.
 */
#include <stdlib.h>
#include <string.h>

#include "client/report/event_words.h"
#include "protocol/board/picture.h"
#include "protocol/room/digest.h"
#include "tests/support/board_bodies.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

enum { ID = SAMPLE_CANDIDATE * BOARD_IDS + 1 };

static struct sample s;
static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
static char bytes[BOARD_PICTURE_MAX_BYTES + 1];

static void begin(void) {
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, png, sizeof png);
    sample_open_rules(&s, 0, 2);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

static enum refusal put(uint32_t len, unsigned part, uint32_t id) {
    return sample_do(&s, SAMPLE_CANDIDATE, picture_part((struct span){bytes, len}, id, part));
}

static const struct board_picture *last(void) {
    const struct board *board = &s.room.board;
    return board->picture_count ? &board->pictures[board->picture_count - 1] : NULL;
}

static void test_kinds(void) {
    CU_ASSERT_EQUAL(picture_kind_of((struct span){"\x89PNG\r\n\x1a\n", 8}), PICTURE_PNG);
    CU_ASSERT_EQUAL(picture_kind_of((struct span){"\x89PNG\r\n\x1a\n", 7}), PICTURE_NONE);
    CU_ASSERT_EQUAL(picture_kind_of((struct span){"\xff\xd8\xff\xe0", 4}), PICTURE_JPEG);
    CU_ASSERT_EQUAL(picture_kind_of((struct span){"RIFF\x01\x02\x03\x04WEBP", 12}), PICTURE_WEBP);
    CU_ASSERT_EQUAL(picture_kind_of((struct span){"RIFF\x01\x02\x03\x04WAVE", 12}), PICTURE_NONE);
    CU_ASSERT_EQUAL(picture_kind_of(span_of("<svg onload=x>")), PICTURE_NONE);
    CU_ASSERT_EQUAL(picture_kind_of(span_of("GIF89a")), PICTURE_NONE);
    CU_ASSERT_STRING_EQUAL(picture_mime(PICTURE_WEBP), "image/webp");
    CU_ASSERT_EQUAL(picture_parts(0), 0);
    CU_ASSERT_EQUAL(picture_parts(1), 1);
    CU_ASSERT_EQUAL(picture_parts(BOARD_PICTURE_PART_BYTES + 1), 2);
    CU_ASSERT_EQUAL(picture_parts(BOARD_PICTURE_MAX_BYTES), BOARD_PICTURE_PARTS);
    CU_ASSERT_EQUAL(picture_parts(BOARD_PICTURE_MAX_BYTES + 1), 0);
}

/* The largest there is, and from the candidate's own view the same bytes again. */
static void test_largest(void) {
    struct picture_bytes joined = {0};
    begin();
    for (unsigned part = 0; part < BOARD_PICTURE_PARTS; part++) {
        CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, part, ID), REFUSAL_NONE);
        CU_ASSERT_EQUAL(last()->left, BOARD_PICTURE_PARTS - 1 - part);
    }
    CU_ASSERT_EQUAL(last()->bytes, BOARD_PICTURE_MAX_BYTES);
    CU_ASSERT_EQUAL(last()->kind, PICTURE_PNG);
    CU_ASSERT_EQUAL(last()->by, SAMPLE_CANDIDATE);
    for (uint32_t i = 0; i < s.count; i++) {
        if (s.events[i].body.act == ACTION_PICTURE_ADD) {
            CU_ASSERT_TRUE(picture_join(&joined, &s.events[i].body));
        }
    }
    CU_ASSERT_TRUE(joined.whole);
    CU_ASSERT_EQUAL_FATAL(joined.len, BOARD_PICTURE_MAX_BYTES);
    CU_ASSERT_EQUAL(memcmp(joined.data, bytes, joined.len), 0);
    picture_free(&joined);
    CU_ASSERT_FALSE(board_is_used(&s.room.board)); /* who draws elsewhere did not use it */
    sample_free(&s);
}

/* A part too large, one too many, one left out, one of another picture; what is no picture. */
static void test_forged(void) {
    begin();
    struct body body = picture_part((struct span){bytes, 10}, ID, 0);
    body.image.len = BOARD_PICTURE_PART_BYTES + 1;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(put(10, 0, ID + 1), REFUSAL_BOARD_ID);
    CU_ASSERT_EQUAL(put(10, 0, SAMPLE_HOST * BOARD_IDS + 1), REFUSAL_BOARD_ID);
    CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, 1, ID), REFUSAL_BAD_PICTURE); /* no first one */
    CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, 0, ID), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, 2, ID), REFUSAL_BAD_PICTURE);
    CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, 0, ID), REFUSAL_BAD_PICTURE);
    CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, 1, ID), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, 2, ID), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, 3, ID), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put(BOARD_PICTURE_MAX_BYTES, 3, ID), REFUSAL_BOARD_ID); /* it is whole */
    static const uint8_t svg[] = {'<', 's', 'v', 'g', ' ', 'o', 'n', 'l'};
    memcpy(bytes, svg, sizeof svg);
    CU_ASSERT_EQUAL(put(10, 0, ID + 1), REFUSAL_BAD_PICTURE);
    CU_ASSERT_EQUAL(s.room.board.picture_count, 1);
    sample_free(&s);
}

/* So many, unfinished ones among them; talk and the board are as ever. */
static void test_bound(void) {
    begin();
    for (uint32_t i = 0; i < BOARD_PICTURES_MAX; i++) {
        CU_ASSERT_EQUAL(put(i == 1 ? BOARD_PICTURE_PART_BYTES + 1 : 10, 0, ID + i), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(s.room.board.pictures[1].left, 1);
    CU_ASSERT_EQUAL(put(10, 0, ID + BOARD_PICTURES_MAX), REFUSAL_PICTURES_FULL);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_text(ACTION_TALK_SAY, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_box(ID, 0, 0, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_CANDIDATE].drawn, 1);
    sample_free(&s);
}

/* The candidate alone, from the start to the debrief; everybody sees it, and no state is the same
 * without it. */
static void test_who_and_when(void) {
    uint8_t before[HASH_BYTES];
    uint8_t after[HASH_BYTES];
    struct room seen;
    begin();
    struct body body = picture_part((struct span){bytes, 10}, SAMPLE_HOST * BOARD_IDS + 1, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_TRUE(digest_room(&s.room, before));
    CU_ASSERT_EQUAL(put(10, 0, ID), REFUSAL_NONE);
    CU_ASSERT_TRUE(digest_room(&s.room, after));
    CU_ASSERT_NOT_EQUAL(memcmp(before, after, HASH_BYTES), 0);
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_COACH, s.count, &seen));
    CU_ASSERT_EQUAL(seen.board.picture_count, 1);
    room_free(&seen);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put(10, 0, ID + 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put(10, 0, ID + 2), REFUSAL_WRONG_STAGE);
    sample_free(&s);
    sample_open_rules(&s, 0, 1);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(put(10, 0, ID), REFUSAL_NO_BOARD);
    sample_free(&s);
}

static const char *words_of_last(struct out *out) {
    out->len = 0;
    event_line(out, &s.room, &s.events[s.count - 1]);
    return strrchr(out->data, ' ') ? out->data : "";
}

/* A list of events says what was drawn. */
static void test_words(void) {
    struct out out;
    out_init(&out);
    begin();
    CU_ASSERT_EQUAL(put(10, 0, ID), REFUSAL_NONE);
    CU_ASSERT_PTR_NOT_NULL(strstr(words_of_last(&out), "puts a picture on record, 10 bytes\n"));
    sample_do(&s, SAMPLE_CANDIDATE, body_box(ID, 0, 0, "Kafka"));
    CU_ASSERT_PTR_NOT_NULL(strstr(words_of_last(&out), "draws a box: Kafka\n"));
    sample_do(&s, SAMPLE_CANDIDATE, body_worded(ACTION_REQ_ADD, ID + 1, "60 s"));
    CU_ASSERT_PTR_NOT_NULL(strstr(words_of_last(&out), "writes a requirement: 60 s\n"));
    sample_do(&s, SAMPLE_CANDIDATE, body_thing(ACTION_BOX_DROP, ID));
    CU_ASSERT_PTR_NOT_NULL(strstr(words_of_last(&out), "drops a box\n"));
    sample_do(&s, SAMPLE_HOST, body_thing(ACTION_POINT_SET, ID + 1));
    CU_ASSERT_PTR_NOT_NULL(strstr(words_of_last(&out), "points at the board\n"));
    out_free(&out);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {{"kinds and parts", test_kinds},
                                  {"the largest", test_largest},
                                  {"forged", test_forged},
                                  {"as many as there may be", test_bound},
                                  {"who and when", test_who_and_when},
                                  {"words", test_words},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"picture", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
