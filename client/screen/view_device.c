/* SPDX-License-Identifier: ISC */
/*
 * view_device.c: the link by which another device speaks for this seat, as a code to be
 * photographed and in letters; it fits 80 by 24.
 *
 * Two points of the code are one cell, the upper and the lower half, in black on white whatever
 * the terminal's own colours are. Where only ASCII can be shown there is no code.
 */
#include <qrencode.h>
#include <stdio.h>

#include "client/screen/views.h"

enum { QUIET = 2, TEXT_MIN = 30 }; /* points around the code; columns beside it */

static bool is_dark(const QRcode *code, int x, int y) {
    bool inside = x >= 0 && y >= 0 && x < code->width && y < code->width;
    return inside && (code->data[y * code->width + x] & 1) != 0;
}

/* How many columns it takes; 0: it does not fit. */
static int draw_code(struct area area, const char *link) {
    static const char *const halves[] = {" ", "▄", "▀", "█"};
    QRcode *code = area.paint->ascii ? NULL : QRcode_encodeString8bit(link, 0, QR_ECLEVEL_L);
    int side = code != NULL ? code->width + 2 * QUIET : 0;
    bool fits = side > 0 && (side + 1) / 2 <= area.height && side + TEXT_MIN <= area.width;
    for (int y = 0; fits && y < side; y += 2) {
        for (int x = 0; x < side; x++) {
            int half =
                2 * is_dark(code, x - QUIET, y - QUIET) + is_dark(code, x - QUIET, y + 1 - QUIET);
            area_text(area, x, y / 2, STYLE_CODE, halves[half]);
        }
    }
    QRcode_free(code);
    return fits ? side : 0;
}

static void tell(struct flow *flow, const struct feed_voice *voice, int64_t left) {
    char words[64];
    flow_text(flow, 0, STYLE_TITLE, "Voice by another device");
    flow_blank(flow);
    flow_text(flow, 0, STYLE_PLAIN,
              "Photograph the code with a telephone, or open the link in a browser: that device "
              "speaks and listens for your seat, and does nothing else.");
    flow_blank(flow);
    flow_text(flow, 0, STYLE_KEY, voice->link);
    flow_blank(flow);
    snprintf(words, sizeof words, "Good once, for %lld s.", (long long)(left + 999) / 1000);
    flow_text(flow, 0, STYLE_HALF, words);
}

void view_device(struct screen *screen, struct area area) {
    const struct feed_voice *voice = &screen->feed->voice;
    int64_t left = voice->until - screen->now;
    struct area inner = area_part(area, 1, 1, area.width - 2, area.height - 3);
    bool open = voice->link[0] != '\0' && left > 0;
    int used = open ? draw_code(inner, voice->link) : 0;
    int from = used > 0 ? used + 2 : 0;
    struct flow flow = flow_begin(area_part(inner, from, 0, inner.width - from, inner.height), 0);
    if (open) {
        tell(&flow, voice, left);
    } else {
        flow_text(&flow, 0, STYLE_TITLE, "Voice by another device");
        flow_blank(&flow);
        flow_text(&flow, 0, STYLE_PLAIN,
                  voice->devices > 0 ? "Your other device is there: it speaks for you."
                  : voice->until > 0 ? "That link is over. $ makes a new one."
                                     : "The server is asked for a link …");
    }
    area_text(area, 1, area.height - 1, STYLE_FAINT,
              open ? "any key goes back; the link stays good" : "any key goes back");
}
