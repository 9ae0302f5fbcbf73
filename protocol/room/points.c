/* SPDX-License-Identifier: ISC */
/*
 * points.c: groups of items, sorted by what came up of them, into sentences.
 *
 * Invariant: a group is either among the strengths or among the steps, never in both.
 */
#include "protocol/room/points.h"

#include <stdio.h>
#include <string.h>

#include "protocol/room/insight.h"

/* One sheet of a room, and its times. */
struct side {
    const struct room *room;
    uint8_t owner;
    struct insight_summary summary;
};

enum {
    CLUSTERS_MAX = PACK_PHASES_MAX * GROUP_COUNT + PACK_COMPETENCIES_MAX,
    NAMES_MAX = 3,
    FLAG_STEPS_MAX = 2
};

/* Of items that show one competency; or, where the pack names none, of one phase and kind. */
struct cluster {
    int competency; /* -1: none */
    uint8_t phase;
    enum item_group group;
    int items, raised, prompted;
    bool used;
};
struct clusters {
    struct cluster at[CLUSTERS_MAX];
    int count;
};

static enum mark mark_in(const struct room *room, uint8_t owner, int item) {
    const struct room_sheet *sheet = room_sheet_of(room, owner);
    return sheet ? (enum mark)sheet->marks[item].mark : MARK_NOT_YET;
}

static enum mark mark_of(const struct side *side, int item) {
    return mark_in(side->room, side->owner, item);
}

static bool is_reached(const struct side *side, int phase) {
    return side->room->clock.reached[phase] >= 0;
}

/* Whether enough of a group came up, so that nothing of it is missing. */
static bool is_enough(const struct room *room, uint8_t owner, enum item_group group) {
    uint8_t enough = pack_enough(room->pack, group);
    int count = 0;
    for (int i = 0; enough && i < room->pack->item_count; i++) {
        count += room->pack->items[i].group == group && mark_in(room, owner, i) != MARK_NOT_YET;
    }
    return enough && count >= enough;
}

bool points_is_missing(const struct room *room, uint8_t owner, int item) {
    const struct pack_item *at = &room->pack->items[item];
    return pack_item_expected(at, pack_level(room->pack)) && !is_enough(room, owner, at->group);
}

static int competency_of(const struct pack *pack, const struct pack_item *item) {
    return item->competency ? pack_competency_find(pack, span_of(item->competency)) : -1;
}

static bool is_of(const struct pack *pack, const struct cluster *cluster,
                  const struct pack_item *item) {
    int competency = competency_of(pack, item);
    return cluster->competency == competency &&
           (competency >= 0 || (cluster->phase == item->phase && cluster->group == item->group));
}

static struct cluster *cluster_of(const struct pack *pack, struct clusters *clusters,
                                  const struct pack_item *item) {
    for (int i = 0; i < clusters->count; i++) {
        if (is_of(pack, &clusters->at[i], item)) {
            return &clusters->at[i];
        }
    }
    struct cluster *cluster = &clusters->at[clusters->count++];
    *cluster = (struct cluster){
        .competency = competency_of(pack, item), .phase = item->phase, .group = item->group};
    return cluster;
}

/* Of the phases that were reached: what had no time says nothing of anybody. */
static void fill_clusters(const struct side *side, struct clusters *out) {
    out->count = 0;
    for (int i = 0; i < side->room->pack->item_count; i++) {
        const struct pack_item *item = &side->room->pack->items[i];
        enum mark mark = mark_of(side, i);
        bool asked = mark != MARK_NOT_YET || points_is_missing(side->room, side->owner, i);
        if (is_reached(side, item->phase) && asked) {
            struct cluster *cluster = cluster_of(side->room->pack, out, item);
            cluster->items++;
            cluster->raised += mark == MARK_RAISED;
            cluster->prompted += mark == MARK_PROMPTED;
        }
    }
}

/* Twice what was raised, and once what was prompted: the score of a group, of 2 * items. */
static int score_of(const struct cluster *cluster) {
    return 2 * cluster->raised + cluster->prompted;
}

/* Whether the share of a is the greater; of equal ones that of the larger group. */
static bool is_stronger(const struct cluster *a, const struct cluster *b) {
    int left = score_of(a) * b->items;
    int right = score_of(b) * a->items;
    return left != right ? left > right : a->items > b->items;
}

/* Likewise of what is missing. */
static bool is_weaker(const struct cluster *a, const struct cluster *b) {
    int left = (2 * a->items - score_of(a)) * b->items;
    int right = (2 * b->items - score_of(b)) * a->items;
    return left != right ? left > right : a->items > b->items;
}

/* The best unused group by that order that holds at least one item to name; NULL: none. */
static struct cluster *take(struct clusters *clusters, bool strength) {
    struct cluster *best = NULL;
    for (int i = 0; i < clusters->count; i++) {
        struct cluster *at = &clusters->at[i];
        bool fits = strength ? at->raised > 0 && score_of(at) >= at->items : at->raised < at->items;
        bool ahead = !best || (strength ? is_stronger(at, best) : is_weaker(at, best));
        if (!at->used && fits && ahead) {
            best = at;
        }
    }
    if (best) {
        best->used = true;
    }
    return best;
}

static const char *group_words(enum item_group group) {
    static const char *const words[GROUP_COUNT] = {
        [GROUP_QUESTION] = "questions",        [GROUP_ACTION] = "actions",
        [GROUP_CHECKLIST] = "checklist",       [GROUP_FAILURE_MODE] = "failure modes",
        [GROUP_DATA_QUALITY] = "data quality", [GROUP_CLOSING] = "close"};
    return words[group];
}

static void append(char *out, const char *text) {
    size_t len = strlen(out);
    snprintf(out + len, POINT_SIZE - len, "%s", text);
}

/* The titles of up to NAMES_MAX items of the group that were raised, or that were not. */
static void append_names(const struct side *side, const struct cluster *cluster, bool raised,
                         char *out) {
    int count = 0;
    for (int i = 0; i < side->room->pack->item_count && count < NAMES_MAX; i++) {
        const struct pack_item *item = &side->room->pack->items[i];
        bool is = mark_of(side, i) == MARK_RAISED;
        bool asked = raised || mark_of(side, i) == MARK_PROMPTED ||
                     points_is_missing(side->room, side->owner, i);
        if (is == raised && asked && is_of(side->room->pack, cluster, item) &&
            is_reached(side, item->phase)) {
            append(out, count++ ? "; " : "");
            append(out, item->title);
        }
    }
    append(out, ".");
}

static void say_cluster(const struct side *side, const struct cluster *cluster, bool strength,
                        struct point *out) {
    char counts[64];
    bool named = cluster->competency >= 0;
    *out = (struct point){.fix = NULL};
    append(out->words, named ? side->room->pack->competencies[cluster->competency].title
                             : side->room->pack->phases[cluster->phase].title);
    append(out->words, named ? "" : ", ");
    append(out->words, named ? "" : group_words(cluster->group));
    snprintf(counts, sizeof counts, ": %d of %d raised unasked%s", cluster->raised, cluster->items,
             strength ? ": " : ". Next time also: ");
    append(out->words, counts);
    append_names(side, cluster, strength, out->words);
}

/* ---- steps that are no group ---- */

static void add_flags(const struct side *side, enum flag_kind kind, struct points *out) {
    const struct room *room = side->room;
    for (uint32_t i = 0; i < room->flag_count && out->step_count < FLAG_STEPS_MAX; i++) {
        const struct pack_flag *flag = &side->room->pack->flags[room->flags[i].flag];
        if (room->flags[i].on && flag->kind == kind) {
            struct point *point = &out->steps[out->step_count++];
            *point = (struct point){.fix = flag->fix && *flag->fix ? flag->fix : NULL};
            snprintf(point->words, sizeof point->words, "%s.", flag->title);
        }
    }
}

/* The phase that ran longest over its time, or -1. */
static int longest_over(const struct side *side) {
    int worst = -1;
    int64_t most = 0;
    for (int i = 0; i < side->room->pack->phase_count; i++) {
        const struct insight_phase *ledger = &side->summary.phase[i];
        if (ledger->actual - ledger->planned > most) {
            most = ledger->actual - ledger->planned;
            worst = i;
        }
    }
    return worst;
}

static void add_unreached(const struct side *side, struct points *out) {
    char titles[160] = "";
    int count = 0;
    for (int i = 0; i < side->room->pack->phase_count; i++) {
        size_t len = strlen(titles);
        if (!is_reached(side, i)) {
            snprintf(titles + len, sizeof titles - len, "%s%s", count++ ? ", " : "",
                     side->room->pack->phases[i].title);
        }
    }
    if (count == 0 || !side->room->clock.started_at) {
        return;
    }
    struct point *point = &out->steps[out->step_count++];
    int over = longest_over(side);
    *point = (struct point){.fix = NULL};
    snprintf(point->words, sizeof point->words, "Leave time for %s: never reached.", titles);
    if (over >= 0) {
        char text[24];
        const struct insight_phase *ledger = &side->summary.phase[over];
        clock_text(text, sizeof text, ledger->actual - ledger->planned);
        append(point->words, " ");
        append(point->words, side->room->pack->phases[over].title);
        append(point->words, " took ");
        append(point->words, text);
        append(point->words, " more than planned.");
    }
}

void points_propose(const struct room *room, uint8_t owner, struct points *out) {
    int64_t end = room->clock.finished_at ? room->clock.finished_at : room->at;
    struct side side = {.room = room, .owner = owner};
    struct clusters clusters;
    struct cluster *cluster;
    *out = (struct points){.strength_count = 0};
    insight_summarise(room, end, &side.summary);
    fill_clusters(&side, &clusters);
    while (out->strength_count < POINTS_MAX && (cluster = take(&clusters, true)) != NULL) {
        say_cluster(&side, cluster, true, &out->strengths[out->strength_count++]);
    }
    add_flags(&side, FLAG_RED, out);
    add_flags(&side, FLAG_MISTAKE, out);
    add_unreached(&side, out);
    while (out->step_count < POINTS_MAX && (cluster = take(&clusters, false)) != NULL) {
        say_cluster(&side, cluster, false, &out->steps[out->step_count++]);
    }
}
