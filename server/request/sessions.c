/* SPDX-License-Identifier: ISC */
/*
 * sessions.c: the past rooms of a key, or of a cohort for its coaches, newest first, one room's log
 * read and folded at a time. Whoever has moved to another key in a cohort has the rooms of the key
 * before, too, which the cohort's log tells: it is folded in slices (walk.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/room/view.h"
#include "server/cohort/replica.h"
#include "server/follow/walk.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/room/fold.h"

/* A key that its member had before, in a cohort: its rooms of that cohort are the member's. */
struct alias {
    char cohort[ROOM_ID_BYTES + 1];
    uint8_t key[HASH_BYTES];
};

struct sessions {
    struct request request; /* first */
    struct log_turn turn;
    struct call call;
    struct walk walk;
    struct cohort *cohort; /* of the log that is walked; NULL: none is */
    struct fold fold;      /* of a room's */
    char *ids;             /* ROOM_ID_BYTES each */
    uint32_t count, next, sent;
    struct alias *aliases;
    uint32_t alias_count, alias_next; /* the rooms of the one before alias_next are listed now */
    bool guest;                       /* rooms of a cohort: the asker needs no seat in them */
    bool lost;                        /* wants to hear of those that it has lost, too */
};

static void drop_cohort(struct sessions *sessions) {
    walk_end(&sessions->walk);
    if (sessions->cohort != NULL) {
        cohort_free(sessions->cohort);
        free(sessions->cohort);
        sessions->cohort = NULL;
    }
}

static void sessions_free(struct request *request) {
    struct sessions *sessions = (struct sessions *)request;
    drop_cohort(sessions);
    fold_free(&sessions->fold);
    log_turn_end(&sessions->turn);
    free(sessions->ids);
    free(sessions->aliases);
    free(sessions);
}

/* "Ada, Ben": as many as fit. Returns the length. */
static size_t join_names(const struct room *room, char *out, size_t size) {
    size_t len = 0;
    out[0] = '\0';
    for (uint8_t i = 0; i < room->seat_count; i++) {
        const char *name = room->seats[i].name;
        if (len + strlen(name) + 3 > size) {
            break;
        }
        len += (size_t)snprintf(out + len, size - len, "%s%s", len > 0 ? ", " : "", name);
    }
    return len;
}

static const struct alias *present_alias(const struct sessions *sessions) {
    return sessions->alias_next == 0 ? NULL : &sessions->aliases[sessions->alias_next - 1];
}

static int seat_of(const struct sessions *sessions, const struct room *room) {
    const struct alias *alias = present_alias(sessions);
    if (alias == NULL) {
        return room_seat_of_key(room, sessions->request.peer->key);
    }
    bool listed = room_seat_of_key(room, sessions->request.peer->key) >= 0; /* already */
    return !listed && strcmp(room->cohort, alias->cohort) == 0 ? room_seat_of_key(room, alias->key)
                                                               : -1;
}

/* Notes the keys that the asker had before in a cohort. Without memory the list is shorter. */
static void note_aliases(struct sessions *sessions, const char *id, const struct cohort *cohort) {
    int member = cohort_member_of_key(cohort, sessions->request.peer->key);
    size_t need = sessions->alias_count + (size_t)cohort->former_count + 1;
    struct alias *aliases =
        member < 0 ? NULL : realloc(sessions->aliases, need * sizeof *sessions->aliases);
    sessions->aliases = aliases != NULL ? aliases : sessions->aliases;
    for (uint32_t i = 0; aliases != NULL && i < cohort->former_count; i++) {
        if (cohort->formers[i].member == member) {
            struct alias *alias = &aliases[sessions->alias_count++];
            *alias = (struct alias){.cohort = ""};
            memcpy(alias->cohort, id, ROOM_ID_BYTES);
            memcpy(alias->key, cohort->formers[i].key, HASH_BYTES);
        }
    }
}

/* Whether the asker's key has lost its seat in the room, or a coach one by a key of before. */
static enum refusal lost_seat(const struct sessions *sessions, const struct room *room) {
    const struct peer *peer = sessions->request.peer;
    enum refusal why = room_lost_seat(room, peer->key);
    const struct attendee *attendee =
        sessions->guest ? attendee_inside(peer, span_of(room->cohort)) : NULL;
    if (why != REFUSAL_NONE || attendee == NULL) {
        return why;
    }
    const uint8_t *before = cohort_lost_key(&attendee->cohort->cohort, room, peer->key);
    return before != NULL ? room_lost_seat(room, before) : REFUSAL_NONE;
}

/* Of a room that the key has lost its seat in no more than which it was, and why. */
static void send_lost(struct sessions *sessions, const char *id, const struct room *room) {
    struct request *request = &sessions->request;
    enum refusal why = lost_seat(sessions, room);
    if (!sessions->lost || sessions->alias_next > 0 || why == REFUSAL_NONE) {
        return;
    }
    struct message message = {.kind = MESSAGE_SESSION, .room = {id, ROOM_ID_BYTES}};
    message.session.id = request->id;
    message.session.opened = room->opened_at;
    message.session.title = span_of(room->pack->title);
    message.session.lost = why == REFUSAL_PUT_OUT ? 2 : 1;
    send_message(request->requests->desk, request->peer, &message);
    sessions->sent++;
}

static void send_session(struct sessions *sessions, const char *id, const struct room *room) {
    struct request *request = &sessions->request;
    char names[NAMES_MAX_BYTES + 1];
    int seat = seat_of(sessions, room);
    if (seat < 0 && (!sessions->guest || lost_seat(sessions, room) != REFUSAL_NONE)) {
        send_lost(sessions, id, room);
        return;
    }
    char room_id[ROOM_ID_BYTES + 1] = {0};
    memcpy(room_id, id, ROOM_ID_BYTES);
    int eye = sessions->alias_next > 0
                  ? seat
                  : fold_eye(room, room_id, request->peer->key,
                             sessions->guest && cohort_may_look(request->peer, room, room_id));
    struct message message = {.kind = MESSAGE_SESSION, .room = {id, ROOM_ID_BYTES}};
    message.session.id = request->id;
    message.session.opened = room->opened_at;
    message.session.stage = room->stage;
    message.session.role = seat < 0 ? ROLE_NONE : room->seats[seat].role;
    message.session.n = view_count(room, eye < 0 ? SEAT_SERVER : (uint8_t)eye);
    message.session.title = span_of(room->pack->title);
    message.session.names = (struct span){names, (uint32_t)join_names(room, names, sizeof names)};
    send_message(request->requests->desk, request->peer, &message);
    sessions->sent++;
}

/* The log of the last id is not needed any more. */
static void log_over(struct sessions *sessions) {
    sessions->request.asking = false;
    log_turn_end(&sessions->turn);
    request_go_on(&sessions->request);
}

static const char *last_id(const struct sessions *sessions) {
    return sessions->ids + (size_t)(sessions->next - 1) * ROOM_ID_BYTES;
}

static bool on_slice(struct walk *walk, uint32_t to) {
    struct sessions *sessions = walk->owner;
    struct mp_reader *reader = &sessions->request.requests->desk->reader;
    bool good = sessions->request.peer != NULL;
    for (uint32_t i = walk->next; good && i < to; i++) {
        struct journal_event stored = journal_batch_at(walk->batch, i);
        struct event event;
        good = event_read_stored(reader, stored.bytes, stored.len, &event) &&
               cohort_apply(sessions->cohort, &event) == APPLY_OK;
    }
    return good;
}

/* One that cannot be folded tells of no keys. */
static void on_folded(struct walk *walk, struct journal_batch *batch, bool whole) {
    (void)batch;
    struct sessions *sessions = walk->owner;
    if (whole) {
        note_aliases(sessions, last_id(sessions), sessions->cohort);
    }
    drop_cohort(sessions);
    log_over(sessions);
}

/* Meanwhile it is as if the journal had not answered yet. False: out of memory. */
static bool walk_cohort(struct sessions *sessions, struct journal_batch *batch) {
    sessions->cohort = malloc(sizeof *sessions->cohort);
    if (sessions->cohort == NULL) {
        return false;
    }
    cohort_init(sessions->cohort);
    walk_begin(&sessions->walk, sessions->request.requests->desk, batch);
    return true;
}

static void on_room(struct fold *fold, bool good) {
    struct sessions *sessions = fold->owner;
    if (good && sessions->request.peer != NULL) {
        send_session(sessions, last_id(sessions), &fold->room);
    }
    fold_free(fold);
    log_over(sessions);
}

static void on_log(struct call *call, bool exists, struct journal_batch *batch) {
    struct sessions *sessions = call->owner;
    struct desk *desk = sessions->request.requests->desk;
    sessions->next++;
    bool good = sessions->request.peer != NULL && exists && batch != NULL;
    if (good && sessions->alias_next == 0 && fold_is_cohort(desk, batch)) {
        if (walk_cohort(sessions, batch)) {
            return;
        }
    } else if (good) {
        fold_begin(&sessions->fold, desk, batch);
        return;
    }
    log_over(sessions);
}

static void send_end(struct sessions *sessions) {
    struct message message = {.kind = MESSAGE_END};
    message.end.id = sessions->request.id;
    message.end.count = sessions->sent;
    send_message(sessions->request.requests->desk, sessions->request.peer, &message);
}

static void on_step(struct request *request) {
    struct sessions *sessions = (struct sessions *)request;
    struct desk *desk = request->requests->desk;
    if (sessions->next == sessions->count && sessions->alias_next < sessions->alias_count) {
        free(sessions->ids);
        sessions->ids = NULL;
        sessions->next = sessions->count = 0;
        request->asking = true;
        desk_rooms_of(desk, sessions->aliases[sessions->alias_next++].key, &sessions->call);
        return;
    }
    if (sessions->next == sessions->count) {
        send_end(sessions);
        request_end(request);
        return;
    }
    log_turn_wait(&sessions->turn, sessions->ids + (size_t)sessions->next * ROOM_ID_BYTES);
}

static void on_rooms(struct call *call, const char *ids, uint32_t count) {
    struct sessions *sessions = call->owner;
    sessions->request.asking = false;
    if (ids == NULL) {
        request_refuse(&sessions->request, REFUSAL_STORAGE);
        return;
    }
    sessions->ids = malloc((size_t)count * ROOM_ID_BYTES + 1);
    if (sessions->ids == NULL) {
        request_refuse(&sessions->request, REFUSAL_INTERNAL);
        return;
    }
    if (count > 0) {
        memcpy(sessions->ids, ids, (size_t)count * ROOM_ID_BYTES);
    }
    sessions->count = count;
    request_go_on(&sessions->request);
}

/* The newest SESSIONS_MAX rooms of a cohort to which somebody came. False: out of memory. */
static bool list_rooms(struct sessions *sessions, const struct cohort *cohort) {
    uint32_t most = cohort->room_count < SESSIONS_MAX ? cohort->room_count : SESSIONS_MAX;
    sessions->guest = true;
    sessions->ids = malloc((size_t)most * ROOM_ID_BYTES + 1);
    if (sessions->ids == NULL) {
        return false;
    }
    for (uint32_t i = cohort->room_count; i > 0 && sessions->count < most; i--) {
        const struct cohort_room *room = &cohort->rooms[i - 1];
        if (room->came) {
            memcpy(sessions->ids + (size_t)sessions->count++ * ROOM_ID_BYTES, room->id,
                   ROOM_ID_BYTES);
        }
    }
    return true;
}

static enum refusal begin(struct sessions *sessions, struct peer *peer, struct span cohort) {
    if (cohort.len == 0) {
        return REFUSAL_NONE;
    }
    const struct attendee *attendee = attendee_inside(peer, cohort);
    if (attendee == NULL || !attendee_is_coach(attendee)) {
        return attendee == NULL ? REFUSAL_NO_SUCH_COHORT : REFUSAL_NOT_A_COACH;
    }
    return list_rooms(sessions, &attendee->cohort->cohort) ? REFUSAL_NONE : REFUSAL_INTERNAL;
}

enum refusal request_sessions(struct requests *requests, struct peer *peer,
                              const struct message *asked) {
    if (peer->request_count >= REQUESTS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    struct sessions *sessions = calloc(1, sizeof *sessions);
    enum refusal refusal =
        sessions == NULL ? REFUSAL_INTERNAL : begin(sessions, peer, asked->sessions.cohort);
    if (refusal != REFUSAL_NONE) {
        free(sessions);
        return refusal;
    }
    sessions->call = (struct call){.rooms = on_rooms, .history = on_log, .owner = sessions};
    sessions->walk = (struct walk){.take = on_slice, .done = on_folded, .owner = sessions};
    sessions->fold = (struct fold){.done = on_room, .owner = sessions};
    sessions->turn = (struct log_turn){.request = &sessions->request, .call = &sessions->call};
    sessions->request.step = on_step;
    sessions->request.free = sessions_free;
    sessions->lost = asked->sessions.lost;
    request_begin(&sessions->request, requests, peer, (uint32_t)asked->sessions.id);
    if (sessions->guest) {
        request_go_on(&sessions->request);
        return REFUSAL_NONE;
    }
    sessions->request.asking = true;
    desk_rooms_of(requests->desk, peer->key, &sessions->call);
    return REFUSAL_NONE;
}
