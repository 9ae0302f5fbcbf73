/* SPDX-License-Identifier: ISC */
/*
 * commits.c: the log in front of the database. See commits.h.
 *
 * Invariants: a batch is synced before the next one is written, so of those behind the last whole
 * one at most one was begun; a file's head is synced before its first batch, and the end of the one
 * before it as well; a file is never shortened.
 */
#include "server/journal/commits.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/random.h"
#include "server/base/file.h"
#include "server/base/folder.h"
#include "server/journal/octets.h"
#include "server/journal/sum.h"

enum { HEAD_USED = 40, A_PAGE = 4096, OUT_KEPT = 1024 * 1024, NAME_MAX_BYTES = 4096 };
enum { AT_SIZE = 0, AT_MARK = 4, AT_SEQUENCE = 8, AT_SUM = 16 }; /* in a batch's head */

static const char magic[8] = "SparLog1";

static int64_t padded(size_t len) {
    size_t size = COMMITS_BATCH_HEAD + len;
    return (int64_t)((size + COMMITS_ALIGN - 1) / COMMITS_ALIGN * COMMITS_ALIGN);
}

/* ---- files ---- */

void commits_init(struct commits *commits, const char *path) {
    *commits = (struct commits){.path = path};
    for (unsigned i = 0; i < COMMITS_FILES; i++) {
        commits->files[i].fd = -1;
    }
}

static bool name_of(const struct commits *commits, unsigned which, char name[NAME_MAX_BYTES]) {
    int len = snprintf(name, NAME_MAX_BYTES, "%s-commits.%u", commits->path, which);
    return len > 0 && len < NAME_MAX_BYTES;
}

static bool mark(struct commits_file *file) {
    struct stat now;
    if (fstat(file->fd, &now) != 0) {
        return false;
    }
    file->device = now.st_dev;
    file->inode = now.st_ino;
    file->size = now.st_size;
    return true;
}

/* The head says how long the file was as its use began. */
static void write_head(const struct commits_file *file, uint8_t head[HEAD_USED]) {
    memcpy(head, magic, sizeof magic);
    octets_put(head + 8, file->number, 8);
    octets_put(head + 16, file->salt, 8);
    octets_put(head + 24, (uint64_t)file->size, 8);
    octets_put(head + 32, sum_bytes(SUM_BEGIN, head, 32), 8);
}

/* A file that is being made has no head yet. */
static enum commits_state read_head(struct commits_file *file) {
    uint8_t head[COMMITS_HEAD];
    if (file->size < COMMITS_HEAD) {
        return COMMITS_GOOD;
    }
    if (!file_read_at(file->fd, head, sizeof head, 0)) {
        return COMMITS_FAILED;
    }
    if (file_is_blank(head, sizeof head)) {
        return COMMITS_GOOD;
    }
    if (memcmp(head, magic, sizeof magic) != 0 ||
        octets_get(head + 32, 8) != sum_bytes(SUM_BEGIN, head, 32) ||
        !file_is_blank(head + HEAD_USED, sizeof head - HEAD_USED) ||
        file->size < (int64_t)octets_get(head + 24, 8)) {
        return COMMITS_DAMAGED;
    }
    file->number = octets_get(head + 8, 8);
    file->salt = octets_get(head + 16, 8);
    return COMMITS_GOOD;
}

static enum commits_state open_one(struct commits *commits, unsigned which) {
    struct commits_file *file = &commits->files[which];
    char name[NAME_MAX_BYTES];
    if (!name_of(commits, which, name)) {
        return COMMITS_FAILED;
    }
    file->fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file->fd < 0) {
        return errno == ENOENT ? COMMITS_GOOD : COMMITS_FAILED;
    }
    return mark(file) ? read_head(file) : COMMITS_FAILED;
}

enum commits_state commits_open(struct commits *commits) {
    enum commits_state state = COMMITS_GOOD;
    for (unsigned i = 0; i < COMMITS_FILES && state == COMMITS_GOOD; i++) {
        state = open_one(commits, i);
    }
    return state;
}

void commits_close(struct commits *commits) {
    for (unsigned i = 0; i < COMMITS_FILES; i++) {
        if (commits->files[i].fd >= 0) {
            close(commits->files[i].fd);
        }
    }
    free(commits->out);
    commits_init(commits, commits->path);
}

void commits_remove(const char *path) {
    const struct commits commits = {.path = path};
    char name[NAME_MAX_BYTES];
    for (unsigned i = 0; i < COMMITS_FILES; i++) {
        if (name_of(&commits, i, name)) {
            unlink(name);
        }
    }
}

void commits_rename(const char *path, const char *to) {
    const struct commits before = {.path = path}, after = {.path = to};
    char name[NAME_MAX_BYTES], other[NAME_MAX_BYTES];
    for (unsigned i = 0; i < COMMITS_FILES; i++) {
        if (name_of(&before, i, name) && name_of(&after, i, other)) {
            (void)!rename(name, other);
        }
    }
}

/* ---- reading ---- */

struct batch {
    int64_t sequence;
    const uint8_t *bytes;
    size_t len;
};

static uint32_t sum_of_head(const struct commits_file *file, const uint8_t *head) {
    uint8_t said[12];
    memcpy(said, head + AT_SIZE, 4);
    memcpy(said + 4, head + AT_SEQUENCE, 8);
    return (uint32_t)sum_bytes(file->salt, said, sizeof said);
}

/* The batch that begins there, if it is whole and of this use of the file. Its bytes are looked at
 * only if its head is right, so that nobody's words cost anything. */
static bool batch_at(const struct commits_file *file, const uint8_t *data, int64_t size, int64_t at,
                     struct batch *batch) {
    if (size - at < COMMITS_BATCH_HEAD) {
        return false;
    }
    const uint8_t *head = data + at;
    *batch = (struct batch){(int64_t)octets_get(head + AT_SEQUENCE, 8), head + COMMITS_BATCH_HEAD,
                            (size_t)octets_get(head + AT_SIZE, 4)};
    return batch->sequence != 0 && octets_get(head + AT_MARK, 4) == sum_of_head(file, head) &&
           (int64_t)batch->len <= size - at - COMMITS_BATCH_HEAD &&
           octets_get(head + AT_SUM, 8) == sum_bytes(file->salt, batch->bytes, batch->len);
}

/* No batch has zeros only in its head: what was never written to need not be looked at closely. */
static int64_t behind_blanks(const uint8_t *data, int64_t size, int64_t at) {
    while (size - at >= A_PAGE && file_is_blank(data + at, A_PAGE)) {
        at += A_PAGE - COMMITS_BATCH_HEAD;
    }
    return at;
}

/* Whether a whole batch lies behind one that is not. */
static bool any_behind(const struct commits_file *file, const uint8_t *data, int64_t size,
                       int64_t at) {
    struct batch batch;
    for (; at + COMMITS_BATCH_HEAD <= size; at += COMMITS_ALIGN) {
        at = behind_blanks(data, size, at);
        if (batch_at(file, data, size, at, &batch)) {
            return true;
        }
    }
    return false;
}

struct reading {
    commits_visit visit; /* NULL: of nobody */
    void *ctx;
    int64_t at; /* behind the last batch */
    bool ended; /* it says that another file follows */
};

static enum commits_state read_batches(const struct commits_file *file, const uint8_t *data,
                                       struct reading *reading) {
    struct batch batch;
    reading->at = COMMITS_HEAD;
    reading->ended = false;
    while (!reading->ended && batch_at(file, data, file->size, reading->at, &batch)) {
        reading->ended = batch.len == 0;
        if (batch.len > 0 && reading->visit != NULL &&
            !reading->visit(reading->ctx, batch.sequence, batch.bytes, batch.len)) {
            return COMMITS_FAILED;
        }
        reading->at += padded(batch.len);
    }
    return any_behind(file, data, file->size, reading->at) ? COMMITS_DAMAGED : COMMITS_GOOD;
}

static enum commits_state read_file(const struct commits_file *file, struct reading *reading) {
    uint8_t *data = malloc((size_t)file->size);
    enum commits_state state = COMMITS_FAILED;
    if (data != NULL && file_read_at(file->fd, data, (size_t)file->size, 0)) {
        state = read_batches(file, data, reading);
    }
    free(data);
    return state;
}

/* The file with that number; COMMITS_FILES: there is none. */
static unsigned find(const struct commits *commits, uint64_t number) {
    unsigned which = 0;
    while (which < COMMITS_FILES && (number == 0 || commits->files[which].number != number)) {
        which++;
    }
    return which;
}

static uint64_t highest(const struct commits *commits) {
    uint64_t number = 0;
    for (unsigned i = 0; i < COMMITS_FILES; i++) {
        number = commits->files[i].number > number ? commits->files[i].number : number;
    }
    return number;
}

/* Behind a file that does not say its end nothing may have been written to the next. */
static enum commits_state nothing_in(const struct commits *commits, uint64_t number) {
    unsigned which = find(commits, number);
    struct reading reading = {0};
    if (which == COMMITS_FILES) {
        return COMMITS_GOOD;
    }
    enum commits_state state = read_file(&commits->files[which], &reading);
    return state == COMMITS_GOOD && reading.at > COMMITS_HEAD ? COMMITS_DAMAGED : state;
}

enum commits_state commits_read(struct commits *commits, uint64_t from, commits_visit visit,
                                void *ctx) {
    struct reading reading = {.visit = visit, .ctx = ctx};
    for (uint64_t number = from;; number++) {
        unsigned which = find(commits, number);
        if (which == COMMITS_FILES) {
            return COMMITS_MISSING;
        }
        enum commits_state state = read_file(&commits->files[which], &reading);
        if (state != COMMITS_GOOD) {
            return state;
        }
        if (!reading.ended) {
            return nothing_in(commits, number + 1);
        }
    }
}

/* Whether that file is still at its place; *size: its length. */
static bool stands(const struct commits *commits, unsigned which, int64_t *size) {
    const struct commits_file *file = &commits->files[which];
    char name[NAME_MAX_BYTES];
    struct stat now;
    if (file->fd < 0 || !name_of(commits, which, name) || stat(name, &now) != 0 ||
        now.st_dev != file->device || now.st_ino != file->inode) {
        return false;
    }
    *size = now.st_size;
    return true;
}

bool commits_in_place(const struct commits *commits) {
    int64_t size = 0;
    return commits->number == 0 || (stands(commits, commits->active, &size) &&
                                    size >= commits->files[commits->active].size);
}

bool commits_sound(const struct commits *commits, bool both) {
    struct reading reading = {0};
    if (both && (read_file(&commits->files[1 - commits->active], &reading) != COMMITS_GOOD ||
                 !reading.ended)) {
        return false;
    }
    return commits->number == 0 ||
           (read_file(&commits->files[commits->active], &reading) == COMMITS_GOOD &&
            reading.at == commits->at);
}

/* ---- writing ---- */

static bool sync_name(const struct commits *commits) {
    char name[NAME_MAX_BYTES];
    return name_of(commits, 0, name) && folder_sync(dirname(name));
}

/* Zeros up to that size, synced: what lies there already takes a batch sooner than what has still
 * to be found a place for. */
static bool fill(struct commits_file *file, int64_t from, int64_t upto) {
    static const uint8_t zeros[A_PAGE];
    while (from < upto) {
        int64_t left = upto - from;
        size_t len = left < A_PAGE ? (size_t)left : A_PAGE;
        if (!file_write_at(file->fd, zeros, len, from)) {
            return false;
        }
        from += (int64_t)len;
        file->size = from > file->size ? from : file->size;
    }
    return fdatasync(file->fd) == 0;
}

static bool make(struct commits *commits, unsigned which) {
    struct commits_file *file = &commits->files[which];
    char name[NAME_MAX_BYTES];
    if (!name_of(commits, which, name)) {
        return false;
    }
    file->fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    return file->fd >= 0 && fchmod(file->fd, 0600) == 0 && mark(file) && sync_name(commits);
}

/* One that is not at its place is made anew. */
static bool make_again(struct commits *commits, unsigned which) {
    struct commits_file *file = &commits->files[which];
    if (stands(commits, which, &file->size)) {
        return true;
    }
    if (file->fd >= 0) {
        close(file->fd);
    }
    *file = (struct commits_file){.fd = -1};
    return make(commits, which);
}

static int64_t size_for(int64_t used) {
    int64_t size = COMMITS_FIRST_BYTES;
    while (size < used && size < COMMITS_SIZE_MAX) {
        size *= 2;
    }
    return size;
}

/* Room for a batch of so many bytes. */
static bool reserve(struct commits *commits, int64_t size) {
    if ((size_t)size <= commits->room) {
        return true;
    }
    uint8_t *out = realloc(commits->out, (size_t)size);
    if (out != NULL) {
        commits->out = out;
        commits->room = (size_t)size;
    }
    return out != NULL;
}

/* A large batch is rare; its memory is not kept for the next. */
static void forget_large(struct commits *commits) {
    if (commits->room > OUT_KEPT) {
        free(commits->out);
        commits->out = NULL;
        commits->room = 0;
    }
}

static bool is_no_space(int error) {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/* Behind a write that failed the file holds a part of the batch, which is not whole and which the
 * next one overwrites; what a failed sync leaves is not known. */
static bool write_batch(struct commits *commits, int64_t sequence, const void *bytes, size_t len) {
    struct commits_file *file = &commits->files[commits->active];
    int64_t size = padded(len);
    if (!reserve(commits, size)) {
        return false;
    }
    uint8_t *out = commits->out;
    memset(out + size - COMMITS_ALIGN, 0, COMMITS_ALIGN);
    if (len > 0) {
        memcpy(out + COMMITS_BATCH_HEAD, bytes, len);
    }
    octets_put(out + AT_SIZE, len, 4);
    octets_put(out + AT_SEQUENCE, (uint64_t)sequence, 8);
    octets_put(out + AT_MARK, sum_of_head(file, out), 4);
    octets_put(out + AT_SUM, sum_bytes(file->salt, out + COMMITS_BATCH_HEAD, len), 8);
    if (!file_write_at(file->fd, out, (size_t)size, commits->at)) {
        commits->error = errno;
        commits->full = is_no_space(errno);
        return false;
    }
    if (fdatasync(file->fd) != 0) {
        commits->error = errno;
        return false;
    }
    commits->at += size;
    file->size = commits->at > file->size ? commits->at : file->size;
    forget_large(commits);
    return true;
}

bool commits_append(struct commits *commits, int64_t sequence, const void *bytes, size_t len) {
    commits->full = false;
    commits->error = 0;
    return commits->number != 0 && write_batch(commits, sequence, bytes, len);
}

static bool begin_use(struct commits *commits, unsigned which, uint64_t number) {
    struct commits_file *file = &commits->files[which];
    uint8_t head[HEAD_USED];
    file->number = number;
    if (!random_bytes(&file->salt, sizeof file->salt)) {
        return false;
    }
    write_head(file, head);
    return file_write_at(file->fd, head, sizeof head, 0) && fdatasync(file->fd) == 0;
}

bool commits_change(struct commits *commits) {
    unsigned other = commits->number != 0 ? 1 - commits->active : 0;
    uint64_t number = highest(commits) + 1;
    int64_t size = size_for(commits->number != 0 ? commits->at : 0);
    commits->full = false;
    commits->error = errno = 0;
    if (!make_again(commits, other) ||
        (commits->files[other].size < size &&
         !fill(&commits->files[other], commits->files[other].size, size)) ||
        !begin_use(commits, other, number) ||
        (commits->number != 0 && !write_batch(commits, INT64_MAX, NULL, 0))) {
        commits->error = errno;
        commits->full = commits->full || is_no_space(errno);
        commits->files[other].number = 0; /* which the next attempt takes */
        return false;
    }
    commits->active = other;
    commits->number = number;
    commits->at = COMMITS_HEAD;
    return true;
}

bool commits_wipe(struct commits *commits) {
    commits->number = 0;
    for (unsigned i = 0; i < COMMITS_FILES; i++) {
        struct commits_file *file = &commits->files[i];
        if (file->fd >= 0 && (!fill(file, 0, file->size) || fdatasync(file->fd) != 0)) {
            return false;
        }
    }
    return true;
}
