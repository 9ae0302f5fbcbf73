/* SPDX-License-Identifier: ISC */
/*
 * send.c: outbound messages other than events, which room/fan.c encodes once for all their readers.
 */
#include "server/peer/send.h"

void send_message(struct hall *hall, struct peer *peer, const struct message *message) {
    mp_writer_reset(&hall->out);
    if (message_write(&hall->out, message)) {
        peer->write(peer, hall->out.data, hall->out.len);
        return;
    }
    log_error(hall->means.log, "send.failed", LOG_S("message", message_name(message->kind)));
    peer->cut(peer, REFUSAL_INTERNAL);
}

void send_refused(struct hall *hall, struct peer *peer, const char *room, uint32_t id,
                  enum refusal why) {
    send_refused_text(hall, peer, room, id, why, NULL);
}

void send_refused_text(struct hall *hall, struct peer *peer, const char *room, uint32_t id,
                       enum refusal why, const char *text) {
    struct message message = {.kind = MESSAGE_REFUSED};
    if (room != NULL) {
        message.room = span_of(room);
    }
    message.refused.id = id;
    message.refused.why = why;
    message.refused.text = span_of(text != NULL ? text : refusal_sentence(why));
    hall_count(hall, STATS_refused, 1);
    send_message(hall, peer, &message);
}

void send_refused_cohort(struct hall *hall, struct peer *peer, const char *cohort, uint32_t id,
                         enum refusal why) {
    struct message message = {.kind = MESSAGE_REFUSED};
    if (cohort != NULL) {
        message.refused.cohort = span_of(cohort);
    }
    message.refused.id = id;
    message.refused.why = why;
    message.refused.text = span_of(refusal_sentence(why));
    hall_count(hall, STATS_refused, 1);
    send_message(hall, peer, &message);
}

void send_error(struct hall *hall, struct peer *peer, enum refusal why, const char *text) {
    struct message message = {.kind = MESSAGE_ERROR};
    message.error.why = why;
    message.error.text = span_of(text != NULL ? text : refusal_sentence(why));
    send_message(hall, peer, &message);
}

void send_bye(struct hall *hall, struct peer *peer, enum refusal why) {
    struct message message = {.kind = MESSAGE_BYE};
    message.bye.why = why;
    message.bye.text = span_of(refusal_sentence(why));
    send_message(hall, peer, &message);
}
