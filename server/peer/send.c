/* SPDX-License-Identifier: ISC */
/*
 * send.c: outbound messages and events, which are encoded once for all their readers.
 */
#include "server/peer/send.h"

#include <stdio.h>
#include <string.h>

#include "protocol/wire/frame.h"

void send_message(struct desk *desk, struct peer *peer, const struct message *message) {
    mp_writer_reset(&desk->out);
    if (message_write(&desk->out, message)) {
        peer->write(peer, desk->out.data, desk->out.len);
        return;
    }
    log_error(desk->means.log, "send.failed", LOG_S("message", message_name(message->kind)));
    peer->cut(peer, REFUSAL_INTERNAL);
}

/* A secret that opens nothing costs whoever named it: it is how links would be guessed. */
static void count_guess(struct peer *peer, enum refusal why) {
    bool guess = why == REFUSAL_NO_SUCH_ROOM || why == REFUSAL_NO_SUCH_COHORT ||
                 why == REFUSAL_HOSTING_CLOSED || why == REFUSAL_LINK_USED;
    if (guess && peer->guessed != NULL) {
        peer->guessed(peer);
    }
}

void send_refused(struct desk *desk, struct peer *peer, const char *room, uint32_t id,
                  enum refusal why) {
    send_refused_text(desk, peer, room, id, why, NULL);
}

void send_refused_text(struct desk *desk, struct peer *peer, const char *room, uint32_t id,
                       enum refusal why, const char *text) {
    struct message message = {.kind = MESSAGE_REFUSED};
    if (room != NULL) {
        message.room = span_of(room);
    }
    message.refused.id = id;
    message.refused.why = why;
    message.refused.text = span_of(text != NULL ? text : refusal_sentence(why));
    desk_count(desk, STATS_refused, 1);
    send_message(desk, peer, &message);
    count_guess(peer, why);
}

void send_refused_cohort(struct desk *desk, struct peer *peer, const char *cohort, uint32_t id,
                         enum refusal why) {
    struct message message = {.kind = MESSAGE_REFUSED};
    if (cohort != NULL) {
        message.refused.cohort = span_of(cohort);
    }
    message.refused.id = id;
    message.refused.why = why;
    message.refused.text = span_of(refusal_sentence(why));
    desk_count(desk, STATS_refused, 1);
    send_message(desk, peer, &message);
    count_guess(peer, why);
}

static void send_wait(struct desk *desk, struct peer *peer, const struct message *asked,
                      int64_t wait, const char *text) {
    struct message message = {.kind = MESSAGE_REFUSED, .room = asked->room};
    uint32_t id = message_id(asked);
    wait = wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS;
    if (id == 0 && asked->room.len == 0) {
        message.kind = MESSAGE_ERROR;
        message.error.why = REFUSAL_TOO_FAST;
        message.error.text = span_of(text);
        message.error.wait = wait;
    } else {
        message.refused.id = id;
        message.refused.why = REFUSAL_TOO_FAST;
        message.refused.text = span_of(text);
        message.refused.wait = wait;
    }
    desk_count(desk, STATS_refused, 1);
    send_message(desk, peer, &message);
}

void send_too_fast(struct desk *desk, struct peer *peer, const struct message *asked,
                   int64_t wait) {
    send_wait(desk, peer, asked, wait, refusal_sentence(REFUSAL_TOO_FAST));
}

void send_too_many_rooms(struct desk *desk, struct peer *peer, const struct message *asked,
                         int64_t wait) {
    char text[160];
    snprintf(text, sizeof text,
             "Your key has opened as many rooms as it may in an hour; open the next one in %lld s.",
             (long long)(wait + 999) / 1000);
    send_wait(desk, peer, asked, wait, text);
}

void send_error(struct desk *desk, struct peer *peer, enum refusal why, const char *text) {
    struct message message = {.kind = MESSAGE_ERROR};
    message.error.why = why;
    message.error.text = span_of(text != NULL ? text : refusal_sentence(why));
    send_message(desk, peer, &message);
}

void send_bye(struct desk *desk, struct peer *peer, enum refusal why) {
    struct message message = {.kind = MESSAGE_BYE};
    message.bye.why = why;
    message.bye.text = span_of(refusal_sentence(why));
    char nodes[NODES_TEXT_MAX + 1] = "";
    if (why == REFUSAL_STOPPING) {
        journal_nodes(desk->means.journal, nodes);
    }
    message.bye.nodes = span_of(nodes);
    send_message(desk, peer, &message);
}

static void begin_frame(struct mp_writer *w) {
    static const uint8_t header[FRAME_HEADER_BYTES];
    mp_writer_reset(w);
    mp_put_raw(w, header, sizeof header);
}

static bool end_frame(struct mp_writer *w) {
    if (w->failed || w->len - FRAME_HEADER_BYTES > FRAME_PAYLOAD_MAX) {
        return false;
    }
    frame_header((uint8_t *)w->data, w->len - FRAME_HEADER_BYTES);
    return true;
}

bool send_encode_event(struct mp_writer *w, const struct event *event, const char *room, bool own) {
    begin_frame(w);
    event_write_sent(w, event, room, own);
    return end_frame(w);
}

bool send_encode_own(struct mp_writer *w, const struct mp_writer *others, uint32_t id) {
    begin_frame(w);
    event_write_own(w, others->data + FRAME_HEADER_BYTES, others->len - FRAME_HEADER_BYTES, id);
    return end_frame(w);
}

void send_encoded(struct desk *desk, struct peer *peer, const struct mp_writer *frame, uint32_t n) {
    event_patch_n(frame->data + FRAME_HEADER_BYTES, frame->len - FRAME_HEADER_BYTES, n);
    peer->write(peer, frame->data, frame->len);
    desk_count(desk, STATS_events_out, 1);
}
