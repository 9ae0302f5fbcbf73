/* SPDX-License-Identifier: ISC */
/*
 * line.h: a box is one line of text: `Kafka ≠ Kinesis: replay; 50 MB/s; R1 R2`.
 *
 *     line = head *( ";" part )
 *     head = [ name ] [ "≠" rival ] [ ": " reason ]
 *
 * `!=` is `≠`. Nothing must be there: text without signs is a name. A part is a list of
 * requirements (R1 R2), or holds a number, or is a remark. The fields are a view of the line; a
 * tidy line that is read and written back is the same, byte for byte.
 */
#ifndef SPAR_PROTOCOL_BOARD_LINE_H
#define SPAR_PROTOCOL_BOARD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/text/span.h"

enum line_part_kind { PART_REMARK, PART_NUMBER, PART_REQS };
struct line_part {
    enum line_part_kind kind;
    struct span text;
};
enum { LINE_PARTS_MAX = BOARD_BOX_MAX_BYTES / 2 + 1 };
struct box_line {
    struct span name, rival, reason; /* each may be empty */
    struct line_part parts[LINE_PARTS_MAX];
    unsigned part_count;
};

/* Reads a line of at most BOARD_BOX_MAX_BYTES; the fields borrow from it. */
void line_read(struct span text, struct box_line *line);
/* Writes it, with a NUL; the bytes it takes, also where `size` does not hold them. */
size_t line_write(const struct box_line *line, char *out, size_t size);
/* The line as it is kept, in out[size], of more than BOARD_BOX_MAX_BYTES, with a NUL; the bytes it
 * takes, 0: nothing is left of it.
 * More than BOARD_BOX_MAX_BYTES: too long, `out` is not to be read. */
size_t line_tidy(struct span text, char *out, size_t size);

/* Whether a label or a part of a line holds a number that is no requirement's. */
bool line_has_number(struct span text);
/* Whether a text says that (part of a) word: somewhere a word of the text begins with it, letters
 * of ASCII in either case, and a hyphen is a blank. */
bool line_says(struct span text, struct span word);

/* The next requirement (R1 …) that a text names, from *at on, *at moves behind it; 0: none. */
unsigned line_next_req(struct span text, size_t *at);
/* Whether a text names that requirement. */
bool line_cites(struct span text, unsigned number);

#endif
