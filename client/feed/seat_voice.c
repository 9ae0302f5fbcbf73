/* SPDX-License-Identifier: ISC */
/*
 * seat_voice.c: who of a room is on voice, and the device of one's own that speaks for this seat:
 * a terminal has no microphone of its own.
 */
#include <stdio.h>
#include <string.h>

#include "certs/random.h"
#include "client/feed/seat.h"

/* A seat that has turned its voice off says so itself; of one that was lost nobody would. */
static void say_lost(struct feed_seat *seat, int64_t whose) {
    struct model *model = &seat->feed.model;
    bool known = whose < model->room.seat_count && model->room.seats[whose].name[0] != '\0';
    if (whose == model->seat) {
        model_say(model, true, "Your voice went off: its connection to the server is lost.");
    } else if (known) {
        model_say(model, false, "%s's voice went off: its connection to the server is lost.",
                  model->room.seats[whose].name);
    }
}

void feed_seat_voiced(struct feed_seat *seat, const struct message *message) {
    struct feed_voice *voice = &seat->feed.voice;
    uint16_t bit = (uint16_t)(1U << (unsigned)message->voiced.seat);
    bool ends = (voice->on & bit) != 0 && !message->voiced.on;
    voice->on = (uint16_t)(message->voiced.on ? voice->on | bit : voice->on & ~bit);
    voice->muted = (uint16_t)(message->voiced.muted ? voice->muted | bit : voice->muted & ~bit);
    if (ends && message->voiced.lost) {
        say_lost(seat, message->voiced.seat);
    }
}

/* No pin: a browser cannot check it, and a code of fewer points is read more easily. */
static void make_link(const struct feed_seat *seat, struct span secret, char out[FEED_LINK_MAX]) {
    char address[INVITE_TEXT_MAX];
    invite_address(&seat->invite, address);
    snprintf(out, FEED_LINK_MAX, "https://%.*s/%s#voice.%.*s", INVITE_HOST_MAX + 8, address,
             seat->invite.room, (int)secret.len, secret.at);
}

void feed_seat_devices(struct feed_seat *seat, const struct message *message) {
    struct feed_voice *voice = &seat->feed.voice;
    struct span secret = message->companions.secret;
    int count = (int)message->companions.count;
    if (message->companions.kind != COMPANION_VOICE) {
        return;
    }
    if (random_secret_valid(secret.at, secret.len)) {
        make_link(seat, secret, voice->link);
        voice->until = message->companions.until;
    } else if (count != voice->devices) {
        voice->link[0] = '\0';
        model_say(&seat->feed.model, false,
                  count > voice->devices ? "Your other device speaks for you now."
                                         : "No other device speaks for you any more.");
    }
    voice->devices = count;
}

bool feed_seat_device(struct feed *feed, bool end) {
    struct feed_seat *seat = (struct feed_seat *)feed;
    struct message message = {.kind = MESSAGE_COMPANION,
                              .room = span_of(feed->model.room_id),
                              .companion = {.kind = COMPANION_VOICE, .end = end}};
    feed->voice.link[0] = '\0';
    if (!seat->in_room || !seat->owner.send(seat->owner.ctx, &message)) {
        model_say(&feed->model, true, "That can be done only while connected; try again.");
        return false;
    }
    return true;
}
