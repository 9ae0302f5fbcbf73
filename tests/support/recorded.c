/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see recorded.h.
 */
#include "tests/support/recorded.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/keypair.h"
#include "certs/sign.h"
#include "protocol/room/view.h"
#include "tests/support/temp.h"

static void must(bool good, const char *what) {
    if (!good) {
        fprintf(stderr, "the recording could not be made: %s\n", what);
        abort();
    }
}

static void write_events(const struct sample *s, struct recording *rec, struct mp_writer *out) {
    uint32_t *order = sample_array(s->count, sizeof *order);
    rec->count = view_order(&s->room, rec->seat, s->events, s->count, order);
    for (uint32_t i = 0; i < rec->count; i++) {
        const struct event *event = &s->events[order[i]];
        struct event seen = view_event(event, rec->seat, i + 1);
        must(recording_write_event(out, rec->room, &seen, event->by == rec->seat, rec->chain),
             "an event");
    }
    free(order);
}

char *recorded_bytes(const struct sample *s, uint8_t seat, const char *room, size_t *len) {
    struct certs_why why = {{0}};
    struct public_key public_key;
    struct signature signature;
    uint8_t digest[HASH_BYTES];
    struct mp_writer out;
    struct keypair *key = keypair_make("server", NULL, 0, &why);
    struct recording rec = {
        .version = SPAR_RECORDING_VERSION, .seat = seat, .role = s->room.seats[seat].role};
    must(key && sign_key_export(keypair_key(key), &public_key), "a key");
    memcpy(rec.room, room, ROOM_ID_BYTES);
    rec.key = (struct span){(const char *)public_key.bytes, (uint32_t)public_key.size};
    mp_writer_init(&out);
    must(recording_write_head(&out, &rec, s->now), "the head");
    write_events(s, &rec, &out);
    recording_signed_digest(&rec, digest);
    must(sign_digest(keypair_key(key), recording_purpose(&rec), digest, &signature),
         "the signature");
    rec.sign = (struct span){(const char *)signature.bytes, (uint32_t)signature.size};
    must(recording_write_end(&out, &rec), "the end");
    char *bytes = malloc(out.len);
    must(bytes, "memory");
    memcpy(bytes, out.data, out.len);
    *len = out.len;
    mp_writer_free(&out);
    keypair_free(key);
    return bytes;
}

void recorded(const struct sample *s, uint8_t seat, const char *room, struct recording *rec) {
    size_t len;
    char *bytes = recorded_bytes(s, seat, room, &len);
    must(recording_parse(rec, bytes, len) == RECORDING_OK, "reading it");
}

void recorded_late_seat(struct sample *s) {
    sample_open(s, 0);
    s->now += 1000;
    must(sample_do(s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)) == REFUSAL_NONE, "a start");
    s->now += 1000;
    must(sample_invite(s, ROLE_COACH, 0x77) == REFUSAL_NONE, "an invite");
    must(sample_join(s, 0x78, 0x77, "Late") == REFUSAL_NONE, "a join");
    must(sample_do(s, SAMPLE_SEATS, body_text(ACTION_TALK_SAY, "Hello")) == REFUSAL_NONE, "a line");
}

void recorded_golden(const char *name, const char *text, size_t len) {
    char path[512];
    const char *source = getenv("SPAR_SOURCE");
    snprintf(path, sizeof path, "%s/tests/golden/%s", source ? source : ".", name);
    if (getenv("SPAR_GOLDEN_UPDATE") || getenv("SPAR_UPDATE_GOLDEN")) {
        temp_write(path, text, len);
    }
    char *golden = malloc(len + 1);
    must(golden, "memory");
    size_t size = temp_read(path, golden, len + 1);
    bool same = size == len && memcmp(golden, text, len) == 0;
    free(golden);
    if (!same) {
        fprintf(stderr, "%s differs; run with SPAR_GOLDEN_UPDATE=1 and look at git diff\n", path);
    }
    CU_ASSERT_TRUE(same);
}
