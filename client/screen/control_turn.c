/* SPDX-License-Identifier: ISC */
/*
 * control_turn.c: turning the roles from the screen: one side asks, the other agrees or declines,
 * and who will interview next brings the prompt, since they will read the answers to it.
 */
#include "client/screen/control.h"

#include "client/feed/swap.h"
#include "client/screen/control_parts.h"

static void open_half(struct screen *screen) {
    char why[160];
    if (!swap_start(screen->feed, NULL, why, sizeof why)) {
        control_say(screen, true, why);
    }
}

static bool may_open(const struct model *model) {
    return model->role == ROLE_CANDIDATE && room_turn_is_agreed(&model->room);
}

/* Whether somebody has come with whom the roles can be turned. */
static bool has_other_side(const struct model *model) {
    enum role other = model->role == ROLE_CANDIDATE ? ROLE_INTERVIEWER : ROLE_CANDIDATE;
    for (int i = 0; i < model->room.seat_count; i++) {
        if (model->room.seats[i].role == other) {
            return true;
        }
    }
    return false;
}

void control_turn_key(struct screen *screen) {
    const struct model *model = control_model(screen);
    if (!has_other_side(model)) {
        control_say(screen, true, "Nobody has come with whom the roles could be turned.");
    } else if (model->room.next[0] != '\0') {
        control_say(screen, false, "The roles are turned already: go on in the next room.");
    } else if (may_open(model)) {
        open_half(screen);
    } else if (room_turn_may_agree(&model->room, model->seat)) {
        screen->asking = ASK_AGREE;
    } else {
        screen->asking = room_turn_wants(&model->room, model->seat) ? ASK_UNTURN : ASK_SWAP;
    }
}

/* Says yes or no to what is open now; an agreement names whose ask it is meant for. */
static void say_turn(struct screen *screen, bool on, const char *words) {
    const struct model *model = control_model(screen);
    struct body body = {.act = ACTION_TURN_ASK, .has = F(on), .on = on};
    if (on && room_turn_may_agree(&model->room, model->seat)) {
        body.other = model->room.turn.by;
        body.has |= F(other);
    }
    control_send(screen, &body, "%s", words);
}

void control_turn_answer(struct screen *screen, enum asking asking, int code) {
    bool yes = code == 'y' || code == 'Y';
    bool no = code == 'n' || code == 'N';
    const struct model *model = control_model(screen);
    if (asking == ASK_AGREE && !room_turn_may_agree(&model->room, model->seat)) {
        control_say(screen, false, "That was taken back meanwhile; nothing was said.");
    } else if (asking == ASK_AGREE && no) {
        say_turn(screen, false, "Declined to turn the roles");
    } else if (asking == ASK_UNTURN && yes) {
        say_turn(screen, false, "Taken back: the roles stay");
    } else if (yes) {
        say_turn(screen, true,
                 asking == ASK_AGREE ? "Agreed to turn the roles" : "Asked to turn the roles");
    }
}

void control_follow(struct screen *screen) {
    const struct model *model = control_model(screen);
    bool whole = model->connection == CONNECTION_LIVE && model->room.pos >= model->joined_n;
    if (whole && may_open(model) && model->swap_id == 0 &&
        screen->turn_tried != model->room.turn.n) {
        screen->turn_tried = model->room.turn.n;
        open_half(screen);
    }
}
