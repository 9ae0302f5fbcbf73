/* SPDX-License-Identifier: ISC */
/*
 * board_slides.c: the slides of a board.
 *
 * Each state of a thing stands once in the page, and every slide names those that it shows, so that
 * forty slides cost little more than one. One of a group of radio buttons says which slide is seen:
 * the arrow keys leaf through them.
 */
#include "client/report/board_slides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/report/board_svg.h"
#include "client/report/board_write.h"
#include "client/report/html.h"
#include "client/report/ledger.h"

enum { SLIDES_MAX = 96, MINUTE_MS = 60000, LABEL_SIZE = 64 };

struct slide {
    char label[LABEL_SIZE];
    uint32_t first, count; /* among the references */
    int width, height;
    unsigned boxes, arrows;
};
struct slides {
    struct out things; /* all states, each ended by a NUL */
    uint32_t *starts;  /* of each in it */
    uint32_t start_count, start_cap;
    uint32_t *refs;
    uint32_t ref_count, ref_cap;
    struct slide at[SLIDES_MAX];
    int count;
    bool failed;
};

static void push(struct slides *s, uint32_t **array, uint32_t *count, uint32_t *cap,
                 uint32_t value) {
    if (*count == *cap) {
        uint32_t wanted = *cap ? *cap * 2 : 64;
        uint32_t *grown = realloc(*array, wanted * sizeof *grown);
        if (!grown) {
            s->failed = true;
            return;
        }
        *array = grown;
        *cap = wanted;
    }
    (*array)[(*count)++] = value;
}

static uint32_t state_of(struct slides *s, const struct out *thing) {
    for (uint32_t i = 0; i < s->start_count; i++) {
        if (strcmp(s->things.data + s->starts[i], thing->data) == 0) {
            return i;
        }
    }
    push(s, &s->starts, &s->start_count, &s->start_cap, (uint32_t)s->things.len);
    out_bytes(&s->things, thing->data, thing->len + 1);
    return s->start_count - 1;
}

static void take_thing(void *ctx, struct out *thing) {
    struct slides *s = ctx;
    s->failed |= thing->failed || s->things.failed;
    if (!s->failed && thing->data) {
        uint32_t state = state_of(s, thing);
        push(s, &s->refs, &s->ref_count, &s->ref_cap, state);
    }
}

static void take_slide(struct slides *s, const struct room *room, const char *label) {
    struct board_layout *layout = malloc(sizeof *layout);
    if (!layout || s->count == SLIDES_MAX) {
        s->failed |= !layout;
        free(layout);
        return;
    }
    layout_board(&room->board, layout);
    struct slide *slide = &s->at[s->count++];
    *slide = (struct slide){.first = s->ref_count,
                            .width = layout->width,
                            .height = layout->height,
                            .boxes = layout->box_count,
                            .arrows = layout->arrow_count};
    snprintf(slide->label, sizeof slide->label, "%s", label);
    board_svg_each(room, layout, take_thing, s);
    slide->count = s->ref_count - slide->first;
    free(layout);
}

/* One for each minute in which something changed, and one for the end of each phase. */
struct walk {
    struct slides *slides;
    struct room room;
    int64_t minute; /* of the last change */
    bool changed;
};

static void end_minute(struct walk *walk) {
    char label[LABEL_SIZE];
    if (walk->changed) {
        snprintf(label, sizeof label, "%d:00", (int)walk->minute + 1);
        take_slide(walk->slides, &walk->room, label);
        walk->changed = false;
    }
}

static void end_phase(struct walk *walk, const char *title) {
    char label[LABEL_SIZE];
    if (board_is_used(&walk->room.board)) {
        snprintf(label, sizeof label, "End of %.40s", title);
        take_slide(walk->slides, &walk->room, label);
        walk->changed = false;
    }
}

static bool ends_phase(const struct event *event) {
    return event->body.act == ACTION_CLOCK_JUMP || event->body.act == ACTION_CLOCK_FINISH;
}

static void walk_event(struct walk *walk, const struct event *event) {
    bool draws = board_is_action(event->body.act);
    int64_t minute = draws ? ledger_time_at(&walk->room, event->made).clock / MINUTE_MS : 0;
    if (draws && minute > walk->minute) {
        end_minute(walk);
        walk->minute = minute;
    }
    if (ends_phase(event) && walk->room.pack) {
        end_phase(walk, walk->room.pack->phases[walk->room.clock.phase].title);
    }
    walk->changed |= draws && room_apply(&walk->room, event, NULL, NULL) == APPLY_OK;
}

static void walk_all(struct slides *s, const struct recording *recording) {
    struct walk walk = {.slides = s};
    room_init(&walk.room);
    bool fits = true;
    for (uint32_t i = 0; fits && i < recording->count; i++) {
        walk_event(&walk, &recording->events[i]);
        fits = walk.room.pos == i + 1 ||
               room_apply(&walk.room, &recording->events[i], NULL, NULL) == APPLY_OK;
    }
    end_minute(&walk);
    room_free(&walk.room);
}

static void put_states(const struct slides *s, int half, struct out *out) {
    out_raw(out, "<svg class=\"board\" width=\"0\" height=\"0\" aria-hidden=\"true\" "
                 "style=\"position:absolute\">\n");
    board_svg_style(out);
    out_raw(out, "<defs>\n");
    for (uint32_t i = 0; i < s->start_count; i++) {
        /* What is used elsewhere is styled by what is inside of it alone. */
        out_print(out, "<g class=\"board\" id=\"v%d-%u\">", half, (unsigned)i);
        out_raw(out, s->things.data + s->starts[i]);
        out_raw(out, "</g>\n");
    }
    out_raw(out, "</defs></svg>\n");
}

static void put_choices(const struct slides *s, int half, struct out *out) {
    out_raw(out, "<style>.slide{display:none;overflow:auto}");
    for (int i = 0; i < s->count; i++) {
        out_print(out, "%s#s%d-%d:checked~.s%d-%d", i > 0 ? "," : "", half, i, half, i);
    }
    out_raw(out, "{display:block}.slides label{display:inline-block;margin:0 .7rem .2rem "
                 ".15rem}</style>\n");
    for (int i = 0; i < s->count; i++) {
        out_print(out,
                  "<input type=\"radio\" name=\"slide%d\" id=\"s%d-%d\"%s>"
                  "<label for=\"s%d-%d\">",
                  half, half, i, i == s->count - 1 ? " checked" : "", half, i);
        html_element(out, "", s->at[i].label, "</label>\n");
    }
}

static void put_slides(const struct slides *s, const struct room *room, int half, struct out *out) {
    out_raw(out, "<div class=\"card slides\">\n");
    put_states(s, half, out);
    put_choices(s, half, out);
    for (int i = 0; i < s->count; i++) {
        const struct slide *slide = &s->at[i];
        struct board_layout size = {.width = (int16_t)slide->width,
                                    .height = (int16_t)slide->height,
                                    .box_count = (uint16_t)slide->boxes,
                                    .arrow_count = (uint16_t)slide->arrows};
        out_print(out, "<div class=\"slide s%d-%d\">", half, i);
        board_svg_open(&size, out);
        board_svg_layers(room, out);
        for (uint32_t k = 0; k < slide->count; k++) {
            out_print(out, "<use href=\"#v%d-%u\"/>", half, (unsigned)s->refs[slide->first + k]);
        }
        out_raw(out, "</svg></div>\n");
    }
    out_raw(out, "</div>\n");
}

void board_slides(const struct room *room, const struct recording *recording, int half,
                  struct out *out) {
    struct slides *s = calloc(1, sizeof *s);
    if (!s) {
        out->failed = true;
        return;
    }
    out_init(&s->things);
    if (recording) {
        walk_all(s, recording);
    }
    if (s->count == 0) {
        take_slide(s, room, "At the end");
    }
    out->failed |= s->failed || s->things.failed;
    if (!out->failed) {
        put_slides(s, room, half, out);
    }
    out_free(&s->things);
    free(s->starts);
    free(s->refs);
    free(s);
}
