/* SPDX-License-Identifier: ISC */
/*
 * progress.c: sessions out of models, and their sums.
 *
 * Invariant: one session a room. Texts of the sums are borrowed from the sessions' packs.
 */
#include "client/report/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/recording_fold.h"
#include "client/report/report.h"

void progress_init(struct progress *progress) {
    memset(progress, 0, sizeof *progress);
}

/* Gives up what a session owns. */
static void drop(struct progress_session *session) {
    pack_unref(session->pack);
    free(session->verdicts);
}

void progress_free(struct progress *progress) {
    for (uint32_t i = 0; i < progress->count; i++) {
        drop(&progress->sessions[i]);
    }
    free(progress->sessions);
    free(progress->phases);
    free(progress->items);
    free(progress->flags);
    free(progress->notes);
    progress_init(progress);
}

void progress_note(struct progress *progress, const char *format, ...) {
    struct progress_note *notes =
        realloc(progress->notes, (progress->note_count + 1) * sizeof *notes);
    if (notes) {
        va_list args;
        va_start(args, format);
        progress->notes = notes;
        vsnprintf(notes[progress->note_count].text, sizeof notes->text, format, args);
        progress->note_count++;
        va_end(args);
    }
}

/* ---- one session ---- */

static void copy_name(char *out, const struct room *room, int seat) {
    out[0] = '\0';
    if (seat >= 0 && seat < room->seat_count) {
        snprintf(out, NAME_MAX_BYTES + 1, "%s", room->seats[seat].name);
    }
}

/* False: out of memory. */
static bool fill_verdicts(struct progress_session *session, const struct room *room) {
    session->verdicts = calloc(room->verdict_count + 1U, sizeof *session->verdicts);
    if (!session->verdicts) {
        return false;
    }
    for (uint8_t i = 0; i < room->verdict_count; i++) {
        const struct room_verdict *from = &room->verdicts[i];
        struct progress_verdict *to = &session->verdicts[session->verdict_count++];
        copy_name(to->by, room, from->by);
        to->rating = from->rating;
        to->recommend = from->recommend;
        to->level = from->level;
        memcpy(to->scores, from->scores, sizeof to->scores);
    }
    return true;
}

static bool fill(struct progress_session *session, const struct report *report,
                 const struct model *model) {
    const struct room *room = &model->room;
    *session = (struct progress_session){.role = model->role,
                                         .pack = pack_ref(room->pack),
                                         .started = room->clock.started_at,
                                         .finished = room->clock.finished_at != 0,
                                         .self = report->scores_self,
                                         .summary = report->summary};
    memcpy(session->room, model->room_id, sizeof session->room);
    copy_name(session->name, room, model->seat);
    copy_name(session->candidate, room, report->candidate);
    for (int i = 0; i < room->pack->item_count; i++) {
        session->marks[i] = report_scored(report, i)->mark.mark;
    }
    for (int i = 0; i < room->pack->phase_count; i++) {
        session->reached[i] = report->phases[i].reached;
    }
    for (uint32_t i = 0; i < room->flag_count; i++) {
        session->flags |= (uint32_t)room->flags[i].on << room->flags[i].flag;
    }
    return fill_verdicts(session, room);
}

/* Where a room's session is or goes; NULL: out of memory, or a longer one is there (*keep). */
static struct progress_session *place_of(struct progress *progress, const char *room,
                                         uint32_t events, bool *keep) {
    *keep = false;
    for (uint32_t i = 0; i < progress->count; i++) {
        if (strcmp(progress->sessions[i].room, room) == 0) {
            *keep = progress->sessions[i].events >= events;
            if (!*keep) {
                drop(&progress->sessions[i]);
            }
            return *keep ? NULL : &progress->sessions[i];
        }
    }
    if (progress->count == progress->cap) {
        uint32_t cap = progress->cap ? 2 * progress->cap : 16;
        struct progress_session *grown = realloc(progress->sessions, cap * sizeof *grown);
        if (!grown) {
            return NULL;
        }
        progress->sessions = grown;
        progress->cap = cap;
    }
    return &progress->sessions[progress->count++];
}

enum progress_result progress_take(struct progress *progress, const struct model *model,
                                   uint32_t events) {
    struct report report;
    enum report_result result = report_collect(&report, model, NULL);
    enum progress_result out = PROGRESS_TAKEN;
    if (result != REPORT_OK) {
        out = result == REPORT_EMPTY ? PROGRESS_EMPTY : PROGRESS_NO_MEMORY;
    } else if (!model->room.clock.started_at) {
        out = PROGRESS_EMPTY;
    } else {
        bool keep;
        struct progress_session *session = place_of(progress, model->room_id, events, &keep);
        if (session) {
            out = fill(session, &report, model) ? PROGRESS_TAKEN : PROGRESS_NO_MEMORY;
            session->events = events;
        } else if (!keep) {
            out = PROGRESS_NO_MEMORY;
        }
    }
    report_free(&report);
    return out;
}

bool progress_take_recording(struct progress *progress, const struct recording *rec,
                             const char *name) {
    struct model model;
    enum progress_result result = PROGRESS_TAKEN;
    if (recording_is_remarking(rec)) {
        return true;
    }
    if (recording_fold(rec, &model) < rec->count) {
        progress_note(progress, "%.60s: its events do not fit together; fetch it again.", name);
    } else {
        result = progress_take(progress, &model, rec->count);
    }
    if (result == PROGRESS_EMPTY) {
        progress_note(progress, "%.60s: the interview never started.", name);
    }
    model_free(&model);
    return result != PROGRESS_NO_MEMORY;
}

void progress_keep_role(struct progress *progress, enum role role) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < progress->count; i++) {
        if (progress->sessions[i].role == role) {
            progress->sessions[kept++] = progress->sessions[i];
        } else {
            drop(&progress->sessions[i]);
        }
    }
    progress->count = kept;
}

void progress_keep_finished(struct progress *progress) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < progress->count; i++) {
        struct progress_session *session = &progress->sessions[i];
        if (session->finished) {
            progress->sessions[kept++] = *session;
        } else {
            progress_note(progress, "Room %s: the interview is not finished.", session->room);
            drop(session);
        }
    }
    progress->count = kept;
}

/* ---- the sums ---- */

static int compare_sessions(const void *a, const void *b) {
    const struct progress_session *left = a;
    const struct progress_session *right = b;
    if (left->started != right->started) {
        return left->started < right->started ? -1 : 1;
    }
    return strcmp(left->room, right->room);
}

/* Index of the entry with that id, made if need be. */
static uint32_t phase_of(struct progress *progress, const struct pack_phase *phase) {
    for (uint32_t i = 0; i < progress->phase_count; i++) {
        if (strcmp(progress->phases[i].id, phase->id) == 0) {
            return i;
        }
    }
    progress->phases[progress->phase_count] =
        (struct progress_phase){.id = phase->id, .title = phase->title};
    return progress->phase_count++;
}

static void sum_phase(struct progress *progress, const struct progress_session *session, int p) {
    uint32_t index = phase_of(progress, &session->pack->phases[p]);
    struct progress_phase *phase = &progress->phases[index];
    const struct insight_phase *part = &session->summary.phase[p];
    phase->sessions++;
    if (session->reached[p] || !progress->reached_only) {
        phase->items += part->items;
        phase->raised += part->raised;
        phase->prompted += part->prompted;
    }
    if (session->reached[p]) {
        phase->reached++;
        phase->over += part->actual > part->budget;
        phase->budget += part->budget;
        phase->actual += part->actual;
    }
}

static void sum_item(struct progress *progress, const struct progress_session *session, int i) {
    const struct pack_item *item = &session->pack->items[i];
    uint32_t k = 0;
    if (progress->reached_only && !session->reached[item->phase]) {
        return;
    }
    while (k < progress->item_count && strcmp(progress->items[k].id, item->id) != 0) {
        k++;
    }
    if (k == progress->item_count) {
        uint32_t phase = phase_of(progress, &session->pack->phases[item->phase]);
        progress->items[progress->item_count++] =
            (struct progress_item){.id = item->id, .title = item->title, .phase = (uint16_t)phase};
    }
    progress->items[k].asked++;
    progress->items[k].raised += session->marks[i] == MARK_RAISED;
    progress->items[k].prompted += session->marks[i] == MARK_PROMPTED;
}

static void sum_flag(struct progress *progress, const struct progress_session *session, int i) {
    const struct pack_flag *flag = &session->pack->flags[i];
    uint32_t k = 0;
    while (k < progress->flag_count && strcmp(progress->flags[k].id, flag->id) != 0) {
        k++;
    }
    if (k == progress->flag_count) {
        progress->flags[progress->flag_count++] = (struct progress_flag){
            .id = flag->id, .title = flag->title, .red = flag->kind == FLAG_RED};
    }
    progress->flags[k].sessions++;
}

static bool make_room(struct progress *progress) {
    size_t sessions = progress->count + 1U;
    free(progress->phases);
    free(progress->items);
    free(progress->flags);
    progress->phases = calloc(sessions * PACK_PHASES_MAX, sizeof *progress->phases);
    progress->items = calloc(sessions * PACK_ITEMS_MAX, sizeof *progress->items);
    progress->flags = calloc(sessions * PACK_FLAGS_MAX, sizeof *progress->flags);
    progress->phase_count = progress->item_count = progress->flag_count = 0;
    return progress->phases && progress->items && progress->flags;
}

bool progress_sum(struct progress *progress) {
    if (!make_room(progress)) {
        return false;
    }
    if (progress->count > 0) {
        qsort(progress->sessions, progress->count, sizeof *progress->sessions, compare_sessions);
    }
    /* The newest pack first, so that its phases and titles lead. */
    for (uint32_t s = progress->count; s-- > 0;) {
        const struct progress_session *session = &progress->sessions[s];
        for (int i = 0; i < session->pack->phase_count; i++) {
            sum_phase(progress, session, i);
        }
        for (int i = 0; i < session->pack->item_count; i++) {
            sum_item(progress, session, i);
        }
        for (int i = 0; i < session->pack->flag_count; i++) {
            if (session->flags >> i & 1) {
                sum_flag(progress, session, i);
            }
        }
    }
    return true;
}

/* ---- figures and words ---- */

int progress_percent(int64_t part, int64_t whole) {
    return whole > 0 ? (int)((200 * part + whole) / (2 * whole)) : -1;
}

/* Index of the phase with that id in a session's pack, or -1. */
static int find_phase(const struct progress_session *session, const char *id) {
    for (int i = 0; i < session->pack->phase_count; i++) {
        if (strcmp(session->pack->phases[i].id, id) == 0) {
            return i;
        }
    }
    return -1;
}

int progress_raised(const struct progress_session *session, const char *phase) {
    if (!phase) {
        return progress_percent(session->summary.raised, session->summary.items);
    }
    int index = find_phase(session, phase);
    const struct insight_phase *part = &session->summary.phase[index < 0 ? 0 : index];
    return index < 0 ? -1 : progress_percent(part->raised, part->items);
}

int progress_raised_of_reached(const struct progress_session *session) {
    int64_t items = 0;
    int64_t raised = 0;
    for (int i = 0; i < session->pack->phase_count; i++) {
        items += session->reached[i] ? session->summary.phase[i].items : 0;
        raised += session->reached[i] ? session->summary.phase[i].raised : 0;
    }
    return progress_percent(raised, items);
}

bool progress_phase_off(const struct progress_session *session, const char *phase, int64_t *ms) {
    int index = find_phase(session, phase);
    if (index < 0 || !session->reached[index]) {
        return false;
    }
    *ms = session->summary.phase[index].actual - session->summary.phase[index].budget;
    return true;
}

int progress_time(const struct progress_session *session, const char *phase) {
    int index = find_phase(session, phase);
    if (index < 0 || !session->reached[index]) {
        return -1;
    }
    const struct insight_phase *part = &session->summary.phase[index];
    int half = progress_percent(part->actual, 2 * part->budget);
    return half < 0 || half > 100 ? 100 : half; /* without a budget any time is too long */
}

const char *progress_date(const struct progress_session *session, char out[16]) {
    char text[REPORT_MOMENT_SIZE];
    snprintf(out, 16, "%.*s",
             (int)strcspn(report_moment(session->started, &session->zone, text), " "), text);
    return out;
}

const char *progress_off(int64_t ms, bool ascii, char out[32]) {
    if (!ascii) {
        return report_over(out, ms);
    }
    char text[24];
    int64_t off = clock_whole(ms);
    int64_t amount = off < 0 ? -off : off;
    clock_text(text, sizeof text, amount);
    snprintf(out, 32, "%s%s",
             amount < 1000 ? ""
             : ms < 0      ? "-"
                           : "+",
             amount < 1000 ? "on time" : text);
    return out;
}

bool progress_never_next(const struct progress *progress, struct progress_never *at) {
    for (; at->phase < progress->phase_count; at->phase++, at->next = 0) {
        while (at->next < progress->item_count) {
            const struct progress_item *item = &progress->items[at->next++];
            if (item->phase == at->phase && item->raised == 0) {
                at->opens = at->item == NULL;
                at->heads = at->opens || at->item->phase != at->phase;
                at->item = item;
                return true;
            }
        }
    }
    return false;
}
