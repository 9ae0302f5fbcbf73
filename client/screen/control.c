/* SPDX-License-Identifier: ISC */
/*
 * control.c: keys and clicks to changes of the screen and commands: which part answers a key.
 *
 * keys.def only leaves out what could never be. What goes to the room is in control_room.c, to a
 * line being written in control_line.c, to a recording in control_replay.c.
 */
#include "client/screen/control.h"

#include <stdio.h>

#include "client/screen/control_parts.h"
#include "client/screen/key_use.h"
#include "protocol/board/layout.h"

struct model *control_model(struct screen *screen) {
    return &screen->feed->model;
}

void control_say(struct screen *screen, bool bad, const char *text) {
    snprintf(screen->said, sizeof screen->said, "%s", text);
    screen->said_bad = bad;
    screen->said_at = screen->mono;
}

/* ---- questions with yes and no ---- */

/* The seat of who was put out, or has lost the key: one more link for a candidate would open
 * nothing, since a room has one; the seat's own does. */
static bool move_candidate(struct screen *screen) {
    const struct room *room = &control_model(screen)->room;
    for (int i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role == ROLE_CANDIDATE && room->seats[i].hold != HOLD_KEPT) {
            screen->asked_seat = i;
            control_seat(screen, ACTION_SEAT_MOVE);
            return true;
        }
    }
    return false;
}

static void answer_invite(struct screen *screen, int code) {
    enum role role = code == 'i'   ? ROLE_INTERVIEWER
                     : code == 'c' ? ROLE_CANDIDATE
                     : code == 'k' ? ROLE_COACH
                                   : ROLE_NONE;
    screen->asking = ASK_NOTHING;
    if (role == ROLE_CANDIDATE && move_candidate(screen)) {
        return;
    }
    if (role != ROLE_NONE && screen->feed->ops->invite(screen->feed, role)) {
        control_say(screen, false, "Asked the server for one more link; it will be under Room.");
    }
}

static void answer_seat(struct screen *screen, int code) {
    screen->asking = code == 'm' ? ASK_MOVE : code == 'o' ? ASK_OUT : ASK_NOTHING;
}

static void answer(struct screen *screen, int code) {
    enum asking asking = screen->asking;
    if (asking == ASK_INVITE) {
        answer_invite(screen, code);
        return;
    }
    if (asking == ASK_SEAT) {
        answer_seat(screen, code);
        return;
    }
    screen->asking = ASK_NOTHING;
    if (asking == ASK_SWAP || asking == ASK_AGREE || asking == ASK_UNTURN) {
        control_turn_answer(screen, asking, code);
        return;
    }
    if (code != 'y' && code != 'Y') {
        return;
    }
    switch (asking) {
    case ASK_START: control_send_plain(screen, ACTION_CLOCK_START, "Start"); break;
    case ASK_FINISH: control_send_plain(screen, ACTION_CLOCK_FINISH, "Finish"); break;
    case ASK_UNFINISH:
        control_send_plain(screen, ACTION_CLOCK_UNFINISH, "Finish taken back");
        break;
    case ASK_DEBRIEF: control_send_plain(screen, ACTION_DEBRIEF_OPEN, "Debrief opened"); break;
    case ASK_CLOSE: control_send_plain(screen, ACTION_ROOM_CLOSE, "Room closed"); break;
    case ASK_QUIT: screen->quit = true; break;
    case ASK_GIVE: control_verdict_give(screen); break;
    case ASK_VERDICTS: control_send_plain(screen, ACTION_VERDICT_OPEN, "Verdicts opened"); break;
    case ASK_MOVE: control_seat(screen, ACTION_SEAT_MOVE); break;
    case ASK_OUT: control_seat(screen, ACTION_SEAT_OUT); break;
    case ASK_DEVICE: control_device(screen, true); break;
    case ASK_DRIVE: control_seat(screen, ACTION_CLOCK_DRIVE); break;
    case ASK_SWAP:
    case ASK_AGREE:
    case ASK_UNTURN:
    case ASK_INVITE:
    case ASK_SEAT:
    case ASK_NOTHING: break;
    }
}

/* ---- panes ---- */

static void open_tab(struct screen *screen, enum screen_tab tab) {
    if (screen_has_tab(screen, tab)) {
        screen->tab = tab;
        screen->detail = false;
    }
}

static void step_tab(struct screen *screen, int step) {
    int tab = (int)screen->tab;
    do {
        tab = (tab + step + TAB_COUNT) % TAB_COUNT;
    } while (!screen_has_tab(screen, (enum screen_tab)tab));
    open_tab(screen, (enum screen_tab)tab);
}

/* The n-th tab that this screen has. */
static void nth_tab(struct screen *screen, int n) {
    for (int i = 0; i < TAB_COUNT; i++) {
        if (screen_has_tab(screen, (enum screen_tab)i) && n-- == 0) {
            open_tab(screen, (enum screen_tab)i);
            return;
        }
    }
}

static void scroll(struct screen *screen, int lines) {
    bool paper = screen->tab == TAB_BOARD && screen->board.paper;
    int *top = paper ? &screen->board.paper_top : &screen->top[screen->tab];
    *top += screen->tab == TAB_TALK ? -lines : lines;
    *top = *top < 0 ? 0 : *top;
}

static void move_cursor(struct screen *screen, int lines) {
    int rows = screen_rows(screen);
    if (rows == 0 || screen->tab == TAB_ROOM || screen->tab == TAB_TALK ||
        screen->tab == TAB_BOARD) {
        scroll(screen, lines);
        return;
    }
    int *cursor = &screen->cursor[screen->tab];
    *cursor += lines;
    *cursor = *cursor < 0 ? 0 : *cursor >= rows ? rows - 1 : *cursor;
    screen->cursor_moved = true;
}

static void look(struct screen *screen, int step) {
    const struct room *room = &control_model(screen)->room;
    if (!room->pack) {
        return;
    }
    if (screen->tab == TAB_BOARD) {
        int left = screen->board.left + step * layout_pitch(screen->board.box);
        screen->board.left = left < 0 ? 0 : left < LAYOUT_WIDTH_MAX ? left : screen->board.left;
        return;
    }
    if (screen->tab == TAB_DEBRIEF) {
        screen->sheet += step; /* the view keeps it in bounds */
        return;
    }
    int count = room->pack->phase_count;
    screen->looked_at = (screen_phase(screen) + step + count) % count;
    if (screen->looked_at == room->clock.phase && room->stage != STAGE_WAITING) {
        screen->looked_at = -1;
    }
    screen->cursor[TAB_RUBRIC] = screen->cursor[TAB_QUESTIONS] = 0;
}

static void page(struct screen *screen, int direction) {
    int lines = (screen->page > 2 ? screen->page - 1 : 1) * direction;
    if (screen->tab == TAB_RUBRIC || screen->tab == TAB_FLAGS) {
        move_cursor(screen, lines);
    } else {
        scroll(screen, lines);
    }
}

/* ---- dispatch ---- */

static void debrief_key(struct screen *screen) {
    const struct model *model = control_model(screen);
    if (model->room.stage == STAGE_FINISHED && model->role == ROLE_INTERVIEWER) {
        screen->asking = ASK_DEBRIEF;
    } else if (screen_has_tab(screen, TAB_DEBRIEF)) {
        open_tab(screen, TAB_DEBRIEF);
    } else {
        control_say(screen, false,
                    "An interviewer opens the debrief; until then sheets stay closed.");
    }
}

static void switch_sheet(struct screen *screen) {
    struct model *model = control_model(screen);
    model->sealed = !model->sealed;
    open_tab(screen, TAB_RUBRIC);
    control_say(screen, false,
                model->sealed ? "Your own sealed sheet: nobody sees it before the debrief."
                              : "The panel's sheet, which you share.");
}

/* In the verdict's pane letters are its lines, live and in a recording. */
static bool verdict_key(struct screen *screen, enum key_action action, int code) {
    if (screen->tab != TAB_VERDICT) {
        return false;
    }
    switch (action) {
    case KEYS_LETTER:
    case KEYS_JUMP_ITEM: return control_verdict_row(screen, keys_letter_index(code), false);
    case KEYS_EVIDENCE: return control_verdict_row(screen, keys_letter_index(code), true);
    case KEYS_CYCLE: return control_verdict_row(screen, screen->cursor[TAB_VERDICT], false);
    default: return false;
    }
}

static bool pane_key(struct screen *screen, enum key_action action, int code, int index) {
    switch (action) {
    case KEYS_LETTER: control_choose_row(screen, keys_letter_index(code), false); return true;
    case KEYS_EVIDENCE: /* elsewhere than in the verdict's pane: to correct a mark */
    case KEYS_PROMPTED:
        control_choose_row(screen, keys_letter_index(code), screen->tab == TAB_RUBRIC);
        return true;
    case KEYS_CYCLE: control_choose_row(screen, screen->cursor[screen->tab], false); return true;
    case KEYS_DETAIL:
        if (!control_twice_enter(screen) && key_use_detail(screen)) {
            screen->detail = !screen->detail;
        }
        return true;
    case KEYS_FLAGS:
        open_tab(screen, screen->tab == TAB_FLAGS ? TAB_RUBRIC : TAB_FLAGS);
        return true;
    case KEYS_TAB_NEXT: step_tab(screen, 1); return true;
    case KEYS_TAB_LAST: step_tab(screen, -1); return true;
    case KEYS_TAB: nth_tab(screen, index); return true;
    case KEYS_UP: move_cursor(screen, -1); return true;
    case KEYS_DOWN: move_cursor(screen, 1); return true;
    case KEYS_PAGE_UP: page(screen, -1); return true;
    case KEYS_PAGE_DOWN: page(screen, 1); return true;
    case KEYS_LOOK_BACK: look(screen, -1); return true;
    case KEYS_LOOK_ON: look(screen, 1); return true;
    default: return false;
    }
}

static void other_key(struct screen *screen, enum key_action action) {
    switch (action) {
    case KEYS_TALK: control_write(screen, WRITE_TALK); break;
    case KEYS_WHISPER: control_write(screen, WRITE_WHISPER); break;
    case KEYS_NOTE: control_write(screen, WRITE_NOTE); break;
    case KEYS_DEBRIEF: debrief_key(screen); break;
    case KEYS_CALL: control_write(screen, WRITE_CALL); break;
    case KEYS_LINKS: screen->plain_links = true; break;
    case KEYS_INVITE: screen->asking = ASK_INVITE; break;
    case KEYS_DEVICE: control_device_key(screen); break;
    case KEYS_RETAKE:
        screen->quit = screen->again = control_model(screen)->replaced && !screen->inside;
        break;
    case KEYS_DRIVE: control_drive_key(screen); break;
    case KEYS_TAKE: control_suggestion(screen, true); break;
    case KEYS_DROP: control_suggestion(screen, false); break;
    case KEYS_HAND: control_hand(screen); break;
    case KEYS_SWAP: control_turn_key(screen); break;
    case KEYS_REDRAW: screen->redraw = true; break;
    case KEYS_HELP: screen->help = true; break;
    case KEYS_SEAL: switch_sheet(screen); break;
    case KEYS_WALL: screen->quit = screen->back = true; break;
    case KEYS_QUIT: screen->asking = ASK_QUIT; break;
    default: break;
    }
}

static void help_key(struct screen *screen, int code) {
    switch (code) {
    case CODE_DOWN: screen->help_top++; return;
    case CODE_UP: screen->help_top -= screen->help_top > 0; return;
    case ' ':
    case CODE_PAGE_DOWN: screen->help_top += 10; return;
    case CODE_PAGE_UP: screen->help_top = screen->help_top > 10 ? screen->help_top - 10 : 0; return;
    default: screen->help = false; screen->help_top = 0;
    }
}

/* The next key ends a sentence that has been seen; why it has ended stays. */
static void leave_message(struct screen *screen) {
    struct model *model = control_model(screen);
    bool seen = model->message_n == screen->message_seen &&
                screen->mono - screen->message_at >= SCREEN_FOOT_LEAST_MS;
    if (seen && screen_foot_is_seen(screen, model->message_bad) &&
        model->connection != CONNECTION_ENDED) {
        model->message[0] = '\0';
    }
}

void control_key(struct screen *screen, int code) {
    if (!control_twice_key(screen, code)) {
        return;
    }
    screen->said[0] = '\0';
    control_model(screen)->news[0] = '\0';
    leave_message(screen);
    if (screen->help) {
        help_key(screen, code);
        return;
    }
    if (screen->device) {
        screen->device = false;
        return;
    }
    if (screen->asking != ASK_NOTHING) {
        answer(screen, code);
        return;
    }
    if (screen->writing != WRITE_NOTHING) {
        control_write_key(screen, code);
        return;
    }
    int index;
    const struct key_row *row =
        keys_find(code, screen_where(screen), control_model(screen)->role, &index);
    if (!row) {
        return;
    }
    /* A recording or an ended feed has nothing to lose: no question. */
    if (row->action == KEYS_QUIT &&
        (screen->feed->is_recording || control_model(screen)->connection == CONNECTION_ENDED)) {
        screen->quit = true;
        return;
    }
    bool is_replay = !(row->where & AT_ROOM);
    if (!control_board_key(screen, row->action, code) && !verdict_key(screen, row->action, code) &&
        !(is_replay && control_replay_key(screen, row->action, code, index)) &&
        !control_clock_key(screen, row->action, index) &&
        !pane_key(screen, row->action, code, index)) {
        other_key(screen, row->action);
    }
}

void control_click(struct screen *screen, int x, int y) {
    const struct hit *hit = screen_hit(screen, x, y);
    if (!hit || screen->help || screen->device || screen->asking != ASK_NOTHING) {
        return;
    }
    control_twice_forget(screen);
    struct feed *feed = screen->feed;
    switch (hit->kind) {
    case HIT_TAB: open_tab(screen, (enum screen_tab)hit->index); break;
    case HIT_PHASE:
        screen->looked_at = hit->index == feed->model.room.clock.phase ? -1 : hit->index;
        screen->cursor[TAB_RUBRIC] = 0;
        break;
    case HIT_ROW:
        if (screen->tab == TAB_VERDICT) {
            (void)control_verdict_row(screen, hit->index, false);
        } else if (feed->is_recording && !feed->takes_marks) {
            screen->cursor[screen->tab] = hit->index;
            if (screen->tab == TAB_RUBRIC) {
                control_seek_item(screen, hit->index);
            }
        } else if (screen->tab == TAB_PROMPT || screen->tab == TAB_QUESTIONS) {
            screen->cursor[screen->tab] = hit->index; /* nothing reaches others by one click */
        } else {
            control_choose_row(screen, hit->index, false);
        }
        break;
    case HIT_BOARD: control_board_click(screen, x, y); break;
    case HIT_REEL:
        feed->ops->seek(feed, feed->first_at + (feed->last_at - feed->first_at) *
                                                   (x - hit->rect.x) /
                                                   (hit->index > 1 ? hit->index - 1 : 1));
        break;
    }
}

void control_wheel(struct screen *screen, int lines) {
    if (screen->help) {
        screen->help_top = screen->help_top + lines > 0 ? screen->help_top + lines : 0;
    } else if (screen->tab == TAB_RUBRIC || screen->tab == TAB_FLAGS) {
        move_cursor(screen, lines);
    } else {
        scroll(screen, lines);
    }
}
