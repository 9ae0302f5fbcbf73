/* SPDX-License-Identifier: ISC */
/*
 * control_twice.c: what reaches others only when it is asked for twice: a fact, a question, a phase
 * by its number, and a step of the clock right after the same step.
 *
 * The second press counts only as one of its own. A key that is held, or a cat on it, gives the
 * same character again and again: none of those confirms, since each either comes too soon after
 * the one before or is followed too soon by the next.
 */
#include <stdio.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/control_parts.h"
#include "client/screen/views.h"
#include "protocol/text/text.h"

enum {
    OWN_PRESS_MS = 250,  /* so long after the one before a press counts as one of its own */
    QUIET_MS = 150,      /* and so long nothing of its kind may follow; slow repeats are faster */
    SAME_STEP_MS = 1000, /* a step again so soon asks: a held key repeats within this */
    EXCERPT_COLUMNS = 24,
    EXCERPT_SIZE = 4 * EXCERPT_COLUMNS + 5 /* and the three dots behind a space */
};

/* As much of a text as leaves the line of state one row on a narrow screen: panes that move up for
 * a second row would move under the finger. The whole text stands in the pane. */
static void excerpt(const char *text, char *out, size_t size) {
    size_t length = strlen(text), at = 0, word = 0;
    for (int columns = 0; at < length;) {
        size_t next = at;
        uint32_t point = text_next(text, length, &next);
        columns += text_width(point);
        if (columns > EXCERPT_COLUMNS || next + sizeof " ..." > size) {
            break;
        }
        word = point == ' ' ? at : word;
        at = next;
    }
    if (at == length) {
        snprintf(out, size, "%s", text);
    } else {
        snprintf(out, size, "%.*s ...", (int)(word > 0 ? word : at), text);
    }
}

static void say_how(struct screen *screen, const struct chosen *chosen) {
    const struct pack *pack = control_model(screen)->room.pack;
    char words[sizeof screen->said], key[] = {chosen->key, '\0'};
    const char *name = chosen->key == ' ' ? "Space" : key;
    if (chosen->kind == CHOSEN_PHASE) {
        snprintf(words, sizeof words, "%s again or Enter: to phase %d, %.60s", name,
                 chosen->index + 1, pack->phases[chosen->index].title);
    } else {
        char text[EXCERPT_SIZE];
        excerpt(chosen->kind == CHOSEN_FACT ? pack->facts[chosen->index].text
                                            : pack_question_at(pack, chosen->index)->text,
                text, sizeof text);
        snprintf(words, sizeof words, "%s again or Enter shows it to the candidate: %s", name,
                 text);
    }
    control_say(screen, false, words);
}

static void send_phase(struct screen *screen, const struct chosen *chosen) {
    const struct room *room = &control_model(screen)->room;
    if (chosen->moves != room->move_count) {
        control_say(screen, true, "The clock was moved meanwhile; nothing was done.");
        return;
    }
    struct body body = {.act = ACTION_CLOCK_JUMP, .has = F(phase), .phase = chosen->index};
    control_send(screen, &body, "To phase %d, %s", chosen->index + 1,
                 room->pack->phases[chosen->index].title);
}

static void send_fact(struct screen *screen, int index) {
    const struct pack_fact *fact = &control_model(screen)->room.pack->facts[index];
    struct body body = {.act = ACTION_FACT_REVEAL,
                        .has = F(fact) | F(text),
                        .fact = span_of(fact->id),
                        .text = span_of(fact->text)};
    control_send(screen, &body, "Fact revealed: %s", fact->text);
}

static void send_question(struct screen *screen, int index) {
    const struct pack_question *question =
        pack_question_at(control_model(screen)->room.pack, index);
    struct body body = {.act = ACTION_CURVE_THROW,
                        .has = F(curveball) | F(text),
                        .curveball = span_of(question->id),
                        .text = span_of(question->text)};
    control_send(screen, &body, "Asked: %s", question->text);
}

static void carry_out(struct screen *screen, const struct chosen *chosen) {
    if (!control_model(screen)->room.pack) {
        return;
    }
    switch (chosen->kind) {
    case CHOSEN_PHASE: send_phase(screen, chosen); break;
    case CHOSEN_FACT: send_fact(screen, chosen->index); break;
    case CHOSEN_QUESTION: send_question(screen, chosen->index); break;
    case CHOSEN_NOTHING: break;
    }
}

static void carry_out_due(struct screen *screen) {
    struct chosen due = screen->twice.due;
    screen->twice.due = (struct chosen){.kind = CHOSEN_NOTHING};
    carry_out(screen, &due);
}

bool control_twice_key(struct screen *screen, int code) {
    struct screen_twice *twice = &screen->twice;
    bool waits = twice->armed.kind != CHOSEN_NOTHING || twice->due.kind != CHOSEN_NOTHING;
    bool held = code == twice->code && screen->mono - twice->code_at < OWN_PRESS_MS;
    twice->code = code;
    twice->code_at = screen->mono;
    if (waits && held) {
        if (twice->due.kind != CHOSEN_NOTHING) {
            twice->armed = twice->due;
            twice->due = (struct chosen){.kind = CHOSEN_NOTHING};
            say_how(screen, &twice->armed);
        }
        return false;
    }
    carry_out_due(screen); /* another key came: the one before is not held */
    twice->before = twice->armed;
    twice->armed = (struct chosen){.kind = CHOSEN_NOTHING};
    return true;
}

void control_twice_forget(struct screen *screen) {
    carry_out_due(screen);
    screen->twice.armed = screen->twice.before = (struct chosen){.kind = CHOSEN_NOTHING};
}

void control_pass(struct screen *screen) {
    if (screen->twice.due.kind != CHOSEN_NOTHING && screen->mono >= screen->twice.due_at) {
        carry_out_due(screen);
    }
}

void control_twice(struct screen *screen, enum chosen_kind kind, int index, char key) {
    struct screen_twice *twice = &screen->twice;
    struct chosen chosen = {kind, index, key, control_model(screen)->room.move_count};
    if (twice->before.kind == kind && twice->before.index == index && twice->before.key == key) {
        twice->due = twice->before;
        twice->due_at = screen->mono + QUIET_MS;
        return;
    }
    twice->armed = chosen;
    say_how(screen, &chosen);
}

bool control_twice_enter(struct screen *screen) {
    struct chosen chosen = screen->twice.before;
    screen->twice.before = (struct chosen){.kind = CHOSEN_NOTHING};
    carry_out(screen, &chosen);
    return chosen.kind != CHOSEN_NOTHING;
}

void control_step(struct screen *screen, int phase, char key) {
    struct screen_twice *twice = &screen->twice;
    bool soon = key == twice->stepped && screen->mono - twice->stepped_at < SAME_STEP_MS;
    bool chosen = twice->before.kind == CHOSEN_PHASE && twice->before.key == key;
    if (soon || chosen) {
        control_twice(screen, CHOSEN_PHASE, phase, key);
        return;
    }
    struct chosen step = {CHOSEN_PHASE, phase, key, control_model(screen)->room.move_count};
    carry_out(screen, &step);
    twice->stepped = key;
    twice->stepped_at = screen->mono;
}
