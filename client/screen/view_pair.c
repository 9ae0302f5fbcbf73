/* SPDX-License-Identifier: ISC */
/*
 * view_pair.c: drawing the pairing screen: the place in the queue, the time, the wishes, who else
 * waits.
 */
#include <stdio.h>
#include <string.h>

#include "client/feed/model.h"
#include "client/net/moment.h"
#include "client/screen/pair_screen.h"
#include "client/screen/views.h"

enum { MINUTE = 60 * 1000, WIDE = 100, NARROW_ROWS = 4, WIDE_ROWS = 8 };

/* ---- the head ---- */

static enum style link_words(const struct pair_screen *screen, char *out, size_t size) {
    const struct pair_state *state = screen->state;
    if (state->at == PAIR_ENDED) {
        snprintf(out, size, "ended");
        return STYLE_BAD;
    }
    if (state->cut_off) {
        int64_t wait = state->retry_at - screen->mono;
        snprintf(out, size, "cut off, again in %lld s",
                 (long long)(wait > 0 ? (wait + 999) / 1000 : 0));
        return STYLE_BAD;
    }
    if (!pair_screen_is_live(screen)) {
        snprintf(out, size, "connecting");
        return STYLE_HALF;
    }
    return views_heard(model_silence(state->heard_at, screen->mono), -1, false, out, size);
}

static void draw_head(const struct pair_screen *screen, struct area area) {
    char words[48];
    enum style style = link_words(screen, words, sizeof words);
    int columns = text_columns(span_of(words));
    area_text(area, area.width - columns - 1, 0, style, words);
    area_sign(area, area.width - columns - 3, 0, style,
              style == STYLE_GOOD ? SIGN_HERE : SIGN_AWAY);
    struct area left = area_part(area, 1, 0, area.width - columns - 5, 1);
    int half = left.width / 2;
    const char *cohort = screen->state->cohort;
    int x = area_cut(left, 0, 0, half, STYLE_TITLE, cohort[0] ? cohort : "Spar") + 2;
    x += area_cut(left, x, 0, left.width - x, STYLE_PLAIN, screen->state->name) + 2;
    area_sign(left, x, 0, STYLE_NOW, SIGN_DOT);
    area_text(left, x + 2, 0, STYLE_NOW, "pairing");
}

/* ---- the place and the time ---- */

static const char *ordinal_end(int64_t n) {
    if (n % 100 >= 11 && n % 100 <= 13) {
        return "th";
    }
    return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

static void draw_place(const struct pair_screen *screen, struct area line) {
    const struct pair_state *state = screen->state;
    switch (state->at) {
    case PAIR_CONNECTING: area_text(line, 0, 0, STYLE_HALF, "Connecting."); break;
    case PAIR_ENTERING: area_text(line, 0, 0, STYLE_HALF, "Entering."); break;
    case PAIR_IDLE: area_text(line, 0, 0, STYLE_STRONG, "You are not in the queue."); break;
    case PAIR_ENDED: area_text(line, 0, 0, STYLE_BAD, "This is over; q leaves."); break;
    case PAIR_MATCHED: {
        int x = area_text(line, 0, 0, STYLE_GOOD, "Your partner: ");
        x += area_cut(line, x, 0, line.width - x, STYLE_STRONG, state->partner);
        if (state->extra > 0) {
            area_print(line, x, 0, STYLE_PLAIN, ", %d %% more time", state->extra);
        }
        break;
    }
    case PAIR_WAITING:
        if (state->count == 1) {
            area_text(line, 0, 0, STYLE_STRONG, "You are the only one in the queue.");
        } else {
            area_print(line, 0, 0, STYLE_STRONG, "You are %lld%s of %lld in the queue.",
                       (long long)state->place, ordinal_end(state->place), (long long)state->count);
        }
        break;
    }
}

static void flow_time(const struct pair_screen *screen, struct flow *flow) {
    const struct pair_state *state = screen->state;
    if (state->at != PAIR_WAITING || state->since < 0) {
        return;
    }
    struct area line = flow_line(flow);
    int64_t waited = pair_screen_waited(screen);
    int64_t limit = state->wants.wait_ms;
    char spent[20], whole[20];
    views_elapsed(spent, sizeof spent, waited);
    views_elapsed(whole, sizeof whole, limit);
    int x = area_print(line, 0, 0, STYLE_PLAIN, "Waited %s of %s", spent, whole) + 2;
    views_bar(line, x, 0, line.width - x > 40 ? 40 : line.width - x, waited, limit, limit,
              STYLE_PLAIN);
}

/* ---- the wishes ---- */

/* What the server takes for a fit by now (lobby_next_match). */
static const char *widening(const struct pair_screen *screen) {
    const struct pair_state *state = screen->state;
    int64_t waited = pair_screen_waited(screen);
    if (state->at != PAIR_WAITING || state->wants.level == LEVEL_ANY) {
        return "";
    }
    return waited < LOBBY_WIDEN_MS                ? "your own level first, later the next ones too"
           : waited < INT64_C(2) * LOBBY_WIDEN_MS ? "by now a level next to yours fits too"
                                                  : "by now any level fits";
}

static struct area flow_row(struct pair_screen *screen, struct flow *flow, int row,
                            const char *key) {
    struct area line = flow_line(flow);
    if (screen->cursor == row) {
        area_sign(line, 0, 0, STYLE_NOW, SIGN_CURSOR);
    }
    area_text(line, 1, 0, STYLE_KEY, key);
    return line;
}

static struct area flow_wish(struct pair_screen *screen, struct flow *flow, int row,
                             const char *key, const char *name, const char *value, bool differs) {
    struct area line = flow_row(screen, flow, row, key);
    area_text(line, 3, 0, STYLE_FAINT, name);
    area_text(line, 13, 0, differs ? STYLE_HALF : STYLE_PLAIN, value);
    return line;
}

static void flow_wishes(struct pair_screen *screen, struct flow *flow) {
    const struct pair_wants *now = &screen->state->wants;
    const struct pair_wants *draft = &screen->wants;
    char minutes[24] = "any length";
    char wait[40];
    flow_text(flow, 0, STYLE_TITLE, "What you ask for");
    flow_wish(screen, flow, PAIR_ROW_ROLE, "r", "role",
              draft->role == ROLE_NONE ? "either" : role_name(draft->role),
              now->role != draft->role);
    struct area line = flow_wish(screen, flow, PAIR_ROW_LEVEL, "l", "level",
                                 level_name(draft->level), now->level != draft->level);
    area_text(line, 22, 0, STYLE_FAINT, now->level == draft->level ? widening(screen) : "");
    if (draft->minutes > 0) {
        snprintf(minutes, sizeof minutes, "%d minutes", draft->minutes);
    }
    flow_wish(screen, flow, PAIR_ROW_MINUTES, "m", "length", minutes,
              now->minutes != draft->minutes);
    char extra[24] = "none";
    if (draft->extra > 0) {
        snprintf(extra, sizeof extra, "%d %% more", draft->extra);
    }
    line = flow_wish(screen, flow, PAIR_ROW_EXTRA, "x", "extra", extra, now->extra != draft->extra);
    area_text(line, 26, 0, STYLE_FAINT,
              draft->extra > 0 ? "of the two of you, the larger counts for both" : "");
    snprintf(wait, sizeof wait, "at most %lld minutes", (long long)(draft->wait_ms / MINUTE));
    flow_wish(screen, flow, PAIR_ROW_WAIT, "w", "wait", wait, now->wait_ms != draft->wait_ms);
}

static void flow_pack(struct pair_screen *screen, struct flow *flow, int index) {
    const struct pair_pack *pack = &screen->state->packs[index];
    char key[2] = " ";
    if (index < 9) {
        key[0] = "123456789"[index];
    }
    struct area line = flow_row(screen, flow, PAIR_ROW_PACKS + index, key);
    bool declined = pack->index == PAIR_DECLINED;
    bool on = !declined && (screen->wants.any_pack || (screen->chosen >> index & 1) != 0);
    area_sign(line, 3, 0, on ? STYLE_GOOD : STYLE_FAINT, on ? SIGN_RAISED : SIGN_NOT_YET);
    int level = line.width > 72 ? 60 : line.width - 12;
    area_cut(line, 5, 0, level - 6, on ? STYLE_PLAIN : STYLE_FAINT, pack->pack->title);
    area_cut(line, level, 0, line.width - level, declined ? STYLE_BAD : STYLE_FAINT,
             declined ? "not taken" : pack->pack->level);
}

static void flow_packs(struct pair_screen *screen, struct flow *flow) {
    flow_text(flow, 0, STYLE_TITLE, "Prompts; as candidate you get none that you have seen");
    struct area line = flow_row(screen, flow, PAIR_ROW_ANY, "a");
    area_sign(line, 3, 0, screen->wants.any_pack ? STYLE_GOOD : STYLE_FAINT,
              screen->wants.any_pack ? SIGN_RAISED : SIGN_NOT_YET);
    area_text(line, 5, 0, STYLE_PLAIN, "any, also those that only others have");
    for (int i = 0; i < screen->state->pack_count; i++) {
        flow_pack(screen, flow, i);
    }
}

/* ---- the others ---- */

/* What keeps one apart from somebody who asks for that; in time any level fits. */
static const char *apart(const struct pair_screen *screen, const struct lobby_wants *theirs) {
    const struct pair_wants *mine = &screen->state->wants;
    bool waits = pair_screen_waited(screen) < INT64_C(2) * LOBBY_WIDEN_MS;
    bool role = theirs->role != ROLE_NONE && theirs->role == mine->role;
    bool minutes = theirs->minutes != 0 && mine->minutes != 0 && theirs->minutes != mine->minutes;
    bool level = waits && theirs->level != LEVEL_ANY && mine->level != LEVEL_ANY &&
                 theirs->level != mine->level;
    return role ? "the same role" : minutes ? "another length" : level ? "another level" : "";
}

/* "interviewer, senior, 45 minutes". */
static void wants_words(const struct lobby_wants *wants, char *out, size_t size) {
    char minutes[24] = "any length";
    if (wants->minutes > 0) {
        snprintf(minutes, sizeof minutes, "%d minutes", wants->minutes);
    }
    snprintf(out, size, "%s, %s, %s",
             wants->role == ROLE_NONE ? "either role" : role_name((enum role)wants->role),
             wants->level == LEVEL_ANY ? "any level" : level_name((enum level)wants->level),
             minutes);
}

/* One who waits, in one line where there is the width for it. */
static void flow_waiting(const struct pair_screen *screen, struct flow *flow, uint32_t index,
                         const char *name) {
    enum { NUMBER = 4, NAME = 20, WANTS = 36, NOTE = 15 };
    const struct pair_state *state = screen->state;
    const struct lobby_wants *wants = &state->wants_of[index];
    bool me = state->place == (int64_t)index + 1;
    const char *note = me ? "you" : apart(screen, wants);
    char words[64];
    wants_words(wants, words, sizeof words);
    struct area line = flow_line(flow);
    bool one = line.width >= NUMBER + NAME + WANTS + NOTE;
    int name_width = one ? NAME - 1 : line.width - NUMBER - NOTE;
    area_print(line, 1, 0, STYLE_FAINT, "%u", index + 1);
    area_cut(line, NUMBER, 0, name_width, me ? STYLE_STRONG : STYLE_PLAIN, name);
    int x = one ? NUMBER + NAME + WANTS : line.width - NOTE + 1;
    area_text(line, x, 0, me ? STYLE_STRONG : STYLE_HALF, note);
    if (!one) {
        line = flow_line(flow);
    }
    area_text(line, one ? NUMBER + NAME : NUMBER, 0, STYLE_FAINT, words);
}

static void flow_names(struct flow *flow, const char *front, const char *names) {
    char words[COHORT_NAMES_MAX_BYTES + 32];
    char plain[COHORT_NAMES_MAX_BYTES + 1];
    text_plain(span_of(names), plain, sizeof plain);
    snprintf(words, sizeof words, "%s%s", front, plain);
    flow_text(flow, 1, STYLE_PLAIN, words);
}

/* At most `rows` of those who wait with what they ask for, then the names of the others. */
static void flow_others(const struct pair_screen *screen, struct flow *flow, uint32_t rows) {
    const struct pair_state *state = screen->state;
    const char *names = state->names;
    char name[NAME_MAX_BYTES + 1];
    char front[32] = "";
    flow_text(flow, 0, STYLE_TITLE, "Who waits, the first in front");
    uint32_t shown = 0;
    while (shown < rows && shown < state->wants_count && pair_next_name(&names, name)) {
        flow_waiting(screen, flow, shown, name);
        shown++;
    }
    if (shown > 0) {
        snprintf(front, sizeof front, "and %lld more: ", (long long)state->count - shown);
    }
    if (names[0] != '\0') {
        flow_names(flow, front, names);
    } else if (shown == 0) {
        flow_text(flow, 1, STYLE_FAINT, "nobody");
    }
}

/* What keeps one from whoever fits, and what would make one fit, with the key that asks for it. */
static void flow_advice(const struct pair_screen *screen, struct flow *flow) {
    char last[PAIR_LAST_SIZE];
    pair_last(screen->state, last);
    if (last[0] != '\0') {
        flow_text(flow, 0, STYLE_HALF, last);
    }
    static const char *const keys[] = {
        [LOBBY_CHANGE_MINUTES] = "m", [LOBBY_CHANGE_PACKS] = "a", [LOBBY_CHANGE_ROLE] = "r"};
    char words[PAIR_ADVICE_SIZE];
    pair_advice(screen->state, words);
    if (words[0] != '\0') {
        struct area line = flow_line(flow);
        int x = area_text(line, 0, 0, STYLE_HALF, words);
        area_text(line, x + 2, 0, STYLE_KEY, keys[screen->state->advice.change]);
    }
}

/* ---- the group's next evening ---- */

static void flow_typed(struct flow *flow, enum style style, const char *front, const char *typed) {
    char plain[COHORT_NAMES_MAX_BYTES + 1];
    char words[COHORT_NAMES_MAX_BYTES + 64];
    text_plain(span_of(typed), plain, sizeof plain);
    if (plain[0] != '\0') {
        snprintf(words, sizeof words, "%s%s", front, plain);
        flow_text(flow, 1, style, words);
    }
}

static void flow_evening(const struct pair_screen *screen, struct flow *flow) {
    static const char *const mine[] = {"e: say that you come", "you come; e takes it back",
                                       "you do not come; e: you do"};
    const struct pair_evening *evening = &screen->state->evening;
    char when[MOMENT_ZONE_SIZE];
    char words[128];
    if (evening->start == 0) {
        return;
    }
    moment_zone_words(evening->start, when);
    flow_blank(flow);
    flow_text(flow, 0, STYLE_TITLE, "The group's next evening");
    snprintf(words, sizeof words, "%s, %lld minutes; %s", when, (long long)evening->minutes,
             mine[evening->mine]);
    flow_text(flow, 1, STYLE_PLAIN, words);
    /* Who is awaited first: names of all who come may fill the window. */
    flow_typed(flow, STYLE_HALF, "Not here yet: ", evening->missing);
    flow_typed(flow, STYLE_PLAIN, "", evening->text);
    snprintf(words, sizeof words, "%lld come%s: ", (long long)evening->coming,
             evening->coming == 1 ? "s" : "");
    flow_typed(flow, STYLE_PLAIN, words, evening->names);
    if (evening->coming % 2 == 1) {
        flow_text(flow, 1, STYLE_PLAIN,
                  "An odd number: one is left over, who can sit in a room as a coach.");
    }
}

/* A call elsewhere, for all of the cohort: its host in full, and the link, to be opened by hand. */
static void flow_call(const struct pair_screen *screen, struct flow *flow) {
    char call[sizeof screen->state->call];
    char words[sizeof call + 48];
    text_plain(span_of(screen->state->call), call, sizeof call);
    const char *host = strstr(call, "://");
    if (host != NULL) {
        host += strlen("://");
        snprintf(words, sizeof words, "Call at %.*s: open it in a browser",
                 (int)strcspn(host, "/?#"), host);
        flow_text(flow, 0, STYLE_TITLE, words);
        flow_text(flow, 1, STYLE_PLAIN, call);
    }
}

/* ---- composing ---- */

static void draw_keys(const struct pair_screen *screen, struct area area) {
    static const struct {
        const char *key, *label;
    } keys[] = {{"r l m x w", "wishes"}, {"1-9 a", "prompts"}};
    int x = 1;
    if (pair_screen_differs(screen) || screen->state->at == PAIR_IDLE) {
        x += area_text(area, x, 0, STYLE_KEY, "Enter") + 1;
        x += area_text(area, x, 0, STYLE_STRONG,
                       screen->state->at == PAIR_IDLE ? "wait" : "ask for this") +
             2;
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        x += area_text(area, x, 0, STYLE_KEY, keys[i].key) + 1;
        x += area_text(area, x, 0, STYLE_PLAIN, keys[i].label) + 2;
    }
    if (pair_screen_had_partner(screen)) {
        x += area_text(area, x, 0, STYLE_KEY, "n") + 1;
        x += area_text(area, x, 0, STYLE_PLAIN, "not again") + 2;
    }
    x += area_text(area, x, 0, STYLE_KEY, "q") + 1;
    x += area_text(area, x, 0, STYLE_PLAIN, "leave") + 2;
    if (x + 6 < area.width) {
        x += area_text(area, x, 0, STYLE_KEY, "?") + 1;
        area_text(area, x, 0, STYLE_PLAIN, "help");
    }
}

static void draw_help(const struct pair_screen *screen, struct area all) {
    static const char *const rows[][2] = {
        {"r", "Which role: interviewer, candidate or either"},
        {"l", "Which level the prompt should have"},
        {"m", "How long the interview is"},
        {"x", "More time than the plan has, for whoever is given it; the larger of the two counts"},
        {"w", "How long to wait at most"},
        {"1-9", "The prompt with that number: take it in, or leave it out"},
        {"a", "Any prompt, also those that only others have"},
        {"e", "The group's next evening: say that you come, or that you do not"},
        {"Up Down", "The line with the cursor"},
        {"Left Right", "Change that line; Space does the same"},
        {"Enter", "Ask for what is shown; until then the old wishes stand"},
        {"Ctrl-L", "Draw the screen anew"},
        {"q Esc", "Leave the queue; asks first"}};
    struct flow flow = flow_begin(area_part(all, 2, 1, all.width - 4, all.height - 2), 0);
    flow_text(&flow, 0, STYLE_TITLE, "Keys here and now (any key goes back)");
    flow_blank(&flow);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char front[32];
        snprintf(front, sizeof front, "%-11s", rows[i][0]);
        flow_item(&flow, 0, STYLE_KEY, front, STYLE_PLAIN, rows[i][1]);
    }
    if (pair_screen_had_partner(screen)) {
        flow_item(&flow, 0, STYLE_KEY, "n          ", STYLE_PLAIN,
                  "Not again with the last partner; asks first, and nobody is told");
    }
    flow_blank(&flow);
    flow_text(&flow, 0, STYLE_PLAIN,
              "As soon as somebody fits you both go to a room by yourselves; your place is kept "
              "while the connection is away.");
}

static void draw_status(const struct pair_screen *screen, struct area area) {
    const struct pair_state *state = screen->state;
    if (screen->asking) {
        int x = 1 + area_text(area, 1, 0, STYLE_HALF, "Leave the queue? Your place is given up.");
        area_text(area, x + 2, 0, STYLE_KEY, "y yes  n no");
        return;
    }
    if (screen->avoiding) {
        char question[96 + NAME_MAX_BYTES];
        char partner[NAME_MAX_BYTES + 1];
        text_plain(span_of(state->last_partner), partner, sizeof partner);
        snprintf(question, sizeof question, "Not again with %s? Nobody is told.", partner);
        int x = 1 + area_cut(area, 1, 0, area.width - 20, STYLE_HALF, question);
        area_text(area, x + 2, 0, STYLE_KEY, "y yes  n no");
        return;
    }
    area_rows(area, state->message_bad ? STYLE_BAD : STYLE_GOOD, state->message);
}

static void draw_body(struct pair_screen *screen, struct area area) {
    bool wide = area.width >= WIDE;
    int left_width = wide ? area.width * 5 / 8 : area.width;
    struct area left = area_part(area, 1, 0, left_width - 2, area.height);
    struct flow flow = flow_begin(left, screen->top);
    draw_place(screen, flow_line(&flow));
    flow_time(screen, &flow);
    flow_advice(screen, &flow);
    flow_call(screen, &flow);
    if (wide) {
        flow_blank(&flow);
    } else {
        flow_evening(screen, &flow);
        if (screen->state->evening.start != 0) {
            flow_blank(&flow);
        }
        flow_others(screen, &flow, NARROW_ROWS);
        flow_blank(&flow);
    }
    int wishes = flow.line;
    flow_wishes(screen, &flow);
    flow_blank(&flow);
    int packs = flow.line;
    flow_packs(screen, &flow);
    /* Where the cursor's line is in sight. */
    int line = screen->cursor < PAIR_ROW_ANY ? wishes + 1 + screen->cursor
                                             : packs + 1 + screen->cursor - PAIR_ROW_ANY;
    int top = screen->top;
    top = line >= top + area.height ? line - area.height + 1 : line < top ? line : top;
    top = screen->cursor == PAIR_ROW_ROLE && line < area.height ? 0 : top;
    int max = flow_top_max(&flow);
    screen->top = top > max ? max : top;
    if (flow.line - flow.top > area.height) {
        area_sign(area, left.x - area.x + left.width, area.height - 1, STYLE_NOW, SIGN_MORE);
    }
    if (wide) {
        area_column(area, left_width, 0, STYLE_RULE, SIGN_RULE_DOWN, area.height);
        struct flow right = flow_begin(
            area_part(area, left_width + 2, 0, area.width - left_width - 3, area.height), 0);
        flow_others(screen, &right, WIDE_ROWS);
        flow_evening(screen, &right);
    }
}

/* A sentence is shown whole, if that leaves the most of the window to the queue. */
static int status_height(const struct pair_screen *screen, struct area all) {
    int rows =
        screen->asking || screen->avoiding ? 1 : flow_rows(screen->state->message, all.width);
    int most = all.height > 16 ? all.height / 6 : 1;
    return rows < most ? rows : most;
}

static void draw_all(struct pair_screen *screen, struct area all) {
    paint_clear(all.paint);
    draw_head(screen, all);
    area_row(all, 0, 1, STYLE_RULE, SIGN_RULE, all.width);
    int status = status_height(screen, all);
    int rule = all.height - 2 - status;
    draw_body(screen, area_part(all, 0, 2, all.width, rule - 2));
    area_row(all, 0, rule, STYLE_RULE, SIGN_RULE, all.width);
    draw_status(screen, area_part(all, 0, rule + 1, all.width, status));
    draw_keys(screen, area_part(all, 0, all.height - 1, all.width, 1));
}

void pair_screen_draw(struct pair_screen *screen, struct paint *paint) {
    struct area all = paint_all(paint);
    if (all.width < LAYOUT_WIDTH_MIN || all.height < LAYOUT_HEIGHT_MIN) {
        paint_clear(paint);
        struct flow flow = flow_begin(all, 0);
        flow_text(&flow, 0, STYLE_PLAIN, "Please make the window larger: 80 by 24 is enough.");
        return;
    }
    if (screen->helping) {
        paint_clear(paint);
        draw_help(screen, all);
        return;
    }
    int top = screen->top;
    draw_all(screen, all);
    if (screen->top != top) { /* the cursor had left what was in sight */
        draw_all(screen, all);
    }
}
