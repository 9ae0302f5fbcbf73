/* SPDX-License-Identifier: ISC */
/*
 * screen_foot.c: how long a sentence stands in the line of state. It goes after its time in sight,
 * and a newer one takes its place; why everything has ended stays. That a command is kept goes
 * likewise: it is no news any more.
 */
#include "client/screen/screen.h"

bool screen_foot_is_seen(const struct screen *screen, bool bad) {
    return !screen->help && !screen->device && screen->asking == ASK_NOTHING &&
           (bad || screen->writing == WRITE_NOTHING);
}

/* Ms until it goes, since it has been in sight long enough. */
static int64_t foot_left(const struct screen *screen, int64_t from) {
    int64_t left = from + SCREEN_FOOT_MS - screen->mono;
    return left > 0 ? left : 0;
}

void screen_foot_follow(struct screen *screen) {
    struct model *model = &screen->feed->model;
    if (model->message_n != screen->message_seen) {
        screen->said[0] = '\0';
        screen->message_at = screen->mono;
    }
    screen->message_seen = model->message_n;
    /* Its time begins anew with the first drawing that shows it again. */
    bool hidden = !screen_foot_is_seen(screen, model->message_bad);
    screen->message_at = hidden || screen->foot_hidden ? screen->mono : screen->message_at;
    screen->said_at = hidden || screen->foot_hidden ? screen->mono : screen->said_at;
    screen->foot_hidden = hidden;
    if (model->connection != CONNECTION_ENDED && foot_left(screen, screen->message_at) == 0) {
        model->message[0] = '\0';
    }
    if (screen->twice.armed.kind == CHOSEN_NOTHING && foot_left(screen, screen->said_at) == 0) {
        screen->said[0] = '\0';
    }
    if (model->pending_count > 0) {
        screen->kept_at = screen->mono;
    } else if (foot_left(screen, screen->kept_at) == 0) {
        screen->last[0] = '\0';
    }
    if (!model->news[0] || screen->news_at == 0) {
        screen->news_at = screen->mono;
    } else if (foot_left(screen, screen->news_at) == 0) {
        model->news[0] = '\0';
    }
}

static int64_t sooner(int64_t wait, int64_t other) {
    return wait < 0 || other < wait ? other : wait;
}

int64_t screen_foot_change(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    const struct screen_twice *twice = &screen->twice;
    int64_t wait = -1;
    if (twice->due.kind != CHOSEN_NOTHING) {
        wait = twice->due_at > screen->mono ? twice->due_at - screen->mono : 0;
    }
    if (model->message[0] && screen_foot_is_seen(screen, model->message_bad) &&
        model->connection != CONNECTION_ENDED) {
        wait = sooner(wait, foot_left(screen, screen->message_at));
    }
    if (screen->said[0] && screen_foot_is_seen(screen, screen->said_bad) &&
        twice->armed.kind == CHOSEN_NOTHING) {
        wait = sooner(wait, foot_left(screen, screen->said_at));
    }
    if (screen->last[0] && model->pending_count == 0) {
        wait = sooner(wait, foot_left(screen, screen->kept_at));
    }
    if (model->news[0]) {
        wait = sooner(wait, foot_left(screen, screen->news_at));
    }
    return wait < 0 ? -1 : screen->now + wait * model->rate / model->rate_den;
}
