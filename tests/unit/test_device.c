/* SPDX-License-Identifier: ISC */
/*
 * Purpose: another device that speaks for a seat at a terminal: the link as the server's answer
 * gives it, its code and its letters at 80 by 24, its end; the key; and who is on voice.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/seat.h"
#include "client/screen/control.h"
#include "client/screen/views.h"
#include "tests/support/played_room.h"
#include "tests/support/test_main.h"

enum { NOW = 5000 };

static struct played played;
static struct screen screen;
static int links_asked, ends_asked;

static bool ask_device(struct feed *feed, bool end) {
    (void)feed;
    links_asked += !end;
    ends_asked += end;
    return true;
}

static void begin(void) {
    static struct feed_ops ops;
    played_open(&played, 0);
    played_view(&played, PLAYED_BEN);
    ops = *played.feed.ops;
    ops.device = ask_device;
    played.feed.ops = &ops;
    screen_init(&screen, &played.feed, NULL);
    screen.now = NOW;
    links_asked = ends_asked = 0;
}

static void end(void) {
    played_free(&played);
}

/* What is drawn; malloc'd. */
static char *picture(int width, int height, bool ascii) {
    struct paint paint;
    CU_ASSERT_TRUE_FATAL(paint_init(&paint, width, height));
    paint.ascii = ascii;
    screen_draw(&screen, &paint);
    char *text = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    paint_free(&paint);
    return text;
}

static void expect(int width, bool ascii, const char *wanted, bool there) {
    char *text = picture(width, 24, ascii);
    if ((strstr(text, wanted) != NULL) != there) {
        printf("\n%s\n    %s: %s", text, wanted, there ? "missing" : "there");
    }
    CU_ASSERT_EQUAL(strstr(text, wanted) != NULL, there);
    free(text);
}

static void give_link(const char *link, int64_t until) {
    snprintf(played.feed.voice.link, sizeof played.feed.voice.link, "%s", link);
    played.feed.voice.until = until;
}

static void test_link(void) {
    begin();
    control_key(&screen, '$');
    CU_ASSERT_EQUAL(links_asked, 1);
    expect(80, false, "asked for a link", true);
    give_link("https://a.example:7447/abcdefghijkl#voice.abcdefghijklmnopqrstuv", NOW + 60000);
    expect(80, false, "mnopqrstuv", true);
    expect(80, false, "for 60 s", true);
    expect(80, false, "█▀▀▀▀▀█", true);
    expect(80, true, "█", false);
    expect(80, true, "https://a.example:7447/abcdefghijkl#voice.abcdefghijklmnopqrstuv", true);
    CU_ASSERT_EQUAL(screen_next_change(&screen), NOW + 1000);
    screen.now = NOW + 60000;
    expect(80, false, "That link is over", true);
    control_key(&screen, 'q');
    CU_ASSERT_FALSE(screen.device || screen.quit || screen.asking != ASK_NOTHING);
    end();
}

/* One that makes a code too large is given in letters alone, and whole. */
static void test_long(void) {
    char link[FEED_LINK_MAX];
    begin();
    control_key(&screen, '$');
    memset(link, 'h', 200);
    memcpy(link, "https://", sizeof "https://" - 1);
    snprintf(link + 200, sizeof link - 200, "/abcdefghijkl#voice.abcdefghijklmnopqrstuv");
    give_link(link, NOW + 60000);
    expect(80, false, "█▀▀▀▀▀█", false);
    expect(80, false, "qrstuv", true);
    end();
}

static void test_end(void) {
    begin();
    played.feed.voice.devices = 1;
    control_key(&screen, '$');
    CU_ASSERT_EQUAL(screen.asking, ASK_DEVICE);
    control_key(&screen, 'n');
    CU_ASSERT_EQUAL(ends_asked, 0);
    control_key(&screen, '$');
    control_key(&screen, 'y');
    CU_ASSERT_EQUAL(ends_asked, 1);
    CU_ASSERT_EQUAL(links_asked, 0);
    CU_ASSERT_FALSE(screen.device);
    end();
}

static void test_presence(void) {
    begin();
    expect(80, false, "on voice", false);
    played.feed.voice.on = 1U << PLAYED_ANA | 1U << PLAYED_CLEO;
    played.feed.voice.muted = 1U << PLAYED_CLEO;
    expect(80, false, "on voice", true);
    expect(80, false, "listens", true);
    expect(120, false, "on voice", true);
    end();
}

/* ---- what the server says ---- */

static bool on_send(void *ctx, const struct message *message) {
    *(struct message *)ctx = *message;
    return true;
}

static void on_changed(void *ctx) {
    (void)ctx;
}

static void on_failed(void *ctx, const char *why) {
    (void)ctx;
    printf("%s\n", why);
    CU_FAIL("the seat cannot go on");
}

static void tell(struct feed_seat *seat, struct message message) {
    message.room = span_of("abcdefghijkl");
    feed_seat_message(seat, &message);
}

static void tell_voice(struct feed_seat *seat, int64_t whose, bool on, bool muted) {
    tell(seat, (struct message){.kind = MESSAGE_VOICED,
                                .voiced = {.seat = whose, .on = on, .muted = muted}});
}

static void tell_devices(struct feed_seat *seat, enum companion kind, int64_t count,
                         const char *secret) {
    tell(seat, (struct message){.kind = MESSAGE_COMPANIONS,
                                .companions = {.kind = kind,
                                               .count = count,
                                               .secret = span_of(secret),
                                               .until = NOW + 60000}});
}

static void lose_voice(struct feed_seat *seat, int64_t whose) {
    tell(seat, (struct message){.kind = MESSAGE_VOICED, .voiced = {.seat = whose, .lost = true}});
}

/* A voice that was lost at the server's side is told of in a line, once; one that was turned off is
 * not, nor one that was not on. */
static void test_lost_voice(void) {
    struct room_seat seats[] = {{.name = "Ana"}, {.name = "Ben"}};
    static const struct feed_ops ops = {.send = feed_seat_send};
    struct message sent = {.kind = MESSAGE_UNKNOWN};
    const struct feed_seat_owner owner = {
        .ctx = &sent, .send = on_send, .changed = on_changed, .failed = on_failed};
    const struct invite invite = {
        .host = "a.example", .port = 7447, .room = "abcdefghijkl", .role = ROLE_CANDIDATE};
    static struct feed_seat seat;
    feed_seat_init(&seat, &ops, &invite, "Ben", &owner);
    tell(&seat, (struct message){.kind = MESSAGE_JOINED, .joined = {.seat = 1, .role = 2}});
    struct model *model = &seat.feed.model;
    model->seat = 1;
    model->room.seat_count = 2;
    model->room.seats = seats;
    model->message[0] = '\0';
    lose_voice(&seat, 0);
    tell_voice(&seat, 0, true, false);
    tell_voice(&seat, 0, false, false);
    CU_ASSERT_STRING_EQUAL(model->message, "");
    tell_voice(&seat, 0, true, false);
    lose_voice(&seat, 0);
    CU_ASSERT_STRING_EQUAL(model->message,
                           "Ana's voice went off: its connection to the server is lost.");
    CU_ASSERT_EQUAL(seat.feed.voice.on, 0);
    model->message[0] = '\0';
    lose_voice(&seat, 0);
    CU_ASSERT_STRING_EQUAL(model->message, "");
    tell_voice(&seat, 1, true, false);
    lose_voice(&seat, 1);
    CU_ASSERT_STRING_EQUAL(model->message,
                           "Your voice went off: its connection to the server is lost.");
    tell_voice(&seat, 15, true, false); /* nobody that this client knows */
    model->message[0] = '\0';
    lose_voice(&seat, 15);
    CU_ASSERT_STRING_EQUAL(model->message, "");
    model->room.seats = NULL;
    model->room.seat_count = 0;
    feed_seat_free(&seat);
}

static void test_seat(void) {
    static const char secret[] = "AAAAAAAAAAAAAAAAAAAAAA";
    static const struct feed_ops ops = {.send = feed_seat_send};
    struct message sent = {.kind = MESSAGE_UNKNOWN};
    const struct feed_seat_owner owner = {
        .ctx = &sent, .send = on_send, .changed = on_changed, .failed = on_failed};
    const struct invite invite = {
        .host = "a.example", .port = 7447, .room = "abcdefghijkl", .role = ROLE_CANDIDATE};
    static struct feed_seat seat;
    feed_seat_init(&seat, &ops, &invite, "Ben", &owner);
    CU_ASSERT_FALSE(feed_seat_device(&seat.feed, false)); /* not in the room yet */
    tell(&seat, (struct message){.kind = MESSAGE_JOINED, .joined = {.seat = 1, .role = 2}});
    CU_ASSERT_TRUE(feed_seat_device(&seat.feed, false));
    CU_ASSERT_EQUAL(sent.kind, MESSAGE_COMPANION);
    CU_ASSERT_EQUAL(sent.companion.kind, COMPANION_VOICE);
    tell_devices(&seat, COMPANION_SCREEN, 1, secret); /* another kind of device */
    CU_ASSERT_STRING_EQUAL(seat.feed.voice.link, "");
    tell_devices(&seat, COMPANION_VOICE, 0, secret);
    CU_ASSERT_STRING_EQUAL(seat.feed.voice.link,
                           "https://a.example:7447/abcdefghijkl#voice.AAAAAAAAAAAAAAAAAAAAAA");
    tell_devices(&seat, COMPANION_VOICE, 1, "");
    CU_ASSERT_STRING_EQUAL(seat.feed.voice.link, "");
    CU_ASSERT_EQUAL(seat.feed.voice.devices, 1);
    tell_voice(&seat, 15, true, false);
    tell_voice(&seat, 0, true, true);
    CU_ASSERT_EQUAL(seat.feed.voice.on, 1U << 15 | 1);
    CU_ASSERT_EQUAL(seat.feed.voice.muted, 1);
    tell_voice(&seat, 15, false, false);
    CU_ASSERT_EQUAL(seat.feed.voice.on, 1);
    /* After a loss the server tells it anew. */
    tell(&seat, (struct message){.kind = MESSAGE_JOINED, .joined = {.seat = 1, .role = 2}});
    CU_ASSERT_EQUAL(seat.feed.voice.on | seat.feed.voice.muted, 0);
    feed_seat_free(&seat);
}

int main(void) {
    static CU_TestInfo tests[] = {{"a link, its code and its end", test_link},
                                  {"a link that is too long for a code", test_long},
                                  {"the device is ended", test_end},
                                  {"who is on voice", test_presence},
                                  {"what the server says", test_seat},
                                  {"a voice that was lost", test_lost_voice},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"device", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    setlocale(LC_CTYPE, "C.UTF-8");
    return test_main(suites);
}
