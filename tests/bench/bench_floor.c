/* SPDX-License-Identifier: ISC */
/*
 * bench_floor.c: the floor that spard is measured against: the least program that does the same
 * work.
 *
 * One epoll thread and OpenSSL. Every frame that came in during a loop turn is appended to a file,
 * the file is synced once, and only then is each frame sent to all members of its room. No
 * protocol, no core, no identity, no bounds: a frame "J" + room number joins, anything else is
 * passed on as it is. A join is answered with `opening` bytes, as much as spard sends to somebody
 * who comes in; somebody who comes back is sent RETURN_BYTES, about what spard sends to resume.
 *
 * usage: bench_floor FILE OPENING-BYTES   (prints its port)
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "certs/keypair.h"
#include "protocol/limits.h"
#include "protocol/wire/frame.h"
#include "server/net/tls.h"

enum { ROOMS = 8192, READ_BYTES = 16384, EVENTS = 512, RETURN_BYTES = 330, REST_MS = 1000 };

struct buffer {
    uint8_t *data;
    size_t len, cap;
};

struct member {
    int fd;
    bool up, dirty, wants; /* wants: epoll tells when it can be written to */
    SSL *ssl;
    uint32_t room;
    struct buffer in, out;
    const struct buffer *opening; /* that it is sent before `out`; NULL: none */
    size_t opened;                /* bytes of it that are out */
    struct member *next_in_room, *next_dirty;
};

/* A frame of this turn, waiting for the sync. */
struct pending {
    uint32_t room;
    size_t offset, len;
};

struct floor_server {
    int epoll, listener, file;
    bool crowd; /* somebody has come since memory was given back */
    SSL_CTX *tls;
    struct member *rooms[ROOMS];
    struct member *dirty;
    struct buffer batch, opening, again;
    struct pending *pending;
    size_t pending_count, pending_cap;
};

static void buffer_add(struct buffer *buffer, const void *bytes, size_t len) {
    if (buffer->len + len > buffer->cap) {
        buffer->cap = (buffer->len + len) * 2;
        buffer->data = realloc(buffer->data, buffer->cap);
        if (buffer->data == NULL) {
            abort();
        }
    }
    memcpy(buffer->data + buffer->len, bytes, len);
    buffer->len += len;
}

/* Idle connections keep no buffer: that is part of the least memory. */
static void buffer_drop(struct buffer *buffer, size_t used) {
    buffer->len -= used;
    if (buffer->len > 0) {
        memmove(buffer->data, buffer->data + used, buffer->len);
        return;
    }
    free(buffer->data);
    *buffer = (struct buffer){0};
}

static void member_wants(struct floor_server *server, struct member *member, bool write) {
    if (member->wants == write) {
        return;
    }
    member->wants = write;
    struct epoll_event event = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = member};
    epoll_ctl(server->epoll, EPOLL_CTL_MOD, member->fd, &event);
}

/* Bytes written, at most `len`; 0: it has to wait. */
static size_t member_write(struct member *member, const uint8_t *bytes, size_t len) {
    int done = SSL_write(member->ssl, bytes, len > READ_BYTES ? READ_BYTES : (int)len);
    return done > 0 ? (size_t)done : 0;
}

/* What everybody is sent who comes in lies in memory once. */
static bool member_open(struct member *member) {
    while (member->opening != NULL) {
        size_t done = member_write(member, member->opening->data + member->opened,
                                   member->opening->len - member->opened);
        if (done == 0) {
            return false;
        }
        member->opened += done;
        if (member->opened == member->opening->len) {
            member->opening = NULL;
        }
    }
    return true;
}

static bool member_empty(struct member *member) {
    if (!member_open(member)) {
        return false;
    }
    while (member->out.len > 0) {
        size_t done = member_write(member, member->out.data, member->out.len);
        if (done == 0) {
            return false;
        }
        buffer_drop(&member->out, done);
    }
    return true;
}

static void member_flush(struct floor_server *server, struct member *member) {
    member_wants(server, member, !member_empty(member));
}

static void member_soil(struct floor_server *server, struct member *member) {
    if (!member->dirty) {
        member->dirty = true;
        member->next_dirty = server->dirty;
        server->dirty = member;
    }
}

static void member_send(struct floor_server *server, struct member *member, const void *bytes,
                        size_t len) {
    buffer_add(&member->out, bytes, len);
    member_soil(server, member);
}

static void member_leave(struct floor_server *server, struct member *member) {
    if (member->room >= ROOMS) {
        return;
    }
    struct member **at = &server->rooms[member->room];
    while (*at != member) {
        at = &(*at)->next_in_room;
    }
    *at = member->next_in_room;
    member->room = ROOMS;
}

static void member_free(struct floor_server *server, struct member *member) {
    for (struct member **at = &server->dirty; *at != NULL; at = &(*at)->next_dirty) {
        if (*at == member) {
            *at = member->next_dirty;
            break;
        }
    }
    member_leave(server, member);
    SSL_free(member->ssl);
    close(member->fd);
    free(member->in.data);
    free(member->out.data);
    free(member);
}

static void member_join(struct floor_server *server, struct member *member, const uint8_t *bytes) {
    uint32_t room = 0;
    memcpy(&room, bytes + 1, sizeof room);
    member->room = ntohl(room) % ROOMS;
    member->next_in_room = server->rooms[member->room];
    server->rooms[member->room] = member;
    member->opening = bytes[5] == 'R' ? &server->again : &server->opening;
    member->opened = 0;
    member_soil(server, member);
}

/* Notes a whole frame for the batch. */
static void floor_take(struct floor_server *server, struct member *member, const uint8_t *frame,
                       size_t len) {
    if (frame[FRAME_HEADER_BYTES] == 'J' && len >= FRAME_HEADER_BYTES + 6) {
        member_join(server, member, frame + FRAME_HEADER_BYTES);
    }
    if (server->pending_count == server->pending_cap) {
        server->pending_cap = server->pending_cap * 2 + 64;
        server->pending = realloc(server->pending, server->pending_cap * sizeof *server->pending);
        if (server->pending == NULL) {
            abort();
        }
    }
    server->pending[server->pending_count++] =
        (struct pending){member->room, server->batch.len, len};
    buffer_add(&server->batch, frame, len);
}

static void member_frames(struct floor_server *server, struct member *member) {
    size_t start = 0;
    const uint8_t *payload = NULL;
    size_t payload_len = 0, used = 0;
    while (frame_next(member->in.data + start, member->in.len - start, &payload, &payload_len,
                      &used) == FRAME_WHOLE) {
        floor_take(server, member, member->in.data + start, used);
        start += used;
    }
    if (start > 0) {
        buffer_drop(&member->in, start);
    }
}

/* False: the member is gone. */
static bool member_read(struct floor_server *server, struct member *member) {
    if (!member->up) {
        int done = SSL_accept(member->ssl);
        if (done <= 0) {
            int why = SSL_get_error(member->ssl, done);
            return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
        }
        member->up = true;
        tls_forget_keys(member->ssl);
    }
    uint8_t bytes[READ_BYTES];
    for (;;) {
        int got = SSL_read(member->ssl, bytes, sizeof bytes);
        if (got <= 0) {
            bool alive = SSL_get_error(member->ssl, got) == SSL_ERROR_WANT_READ;
            if (alive && member->in.len > 0) {
                member_frames(server, member);
            }
            return alive;
        }
        buffer_add(&member->in, bytes, (size_t)got);
    }
}

static void floor_accept(struct floor_server *server) {
    for (;;) {
        /* The last one made: NOLINTNEXTLINE(clang-analyzer-unix.Malloc): epoll keeps it */
        int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            return;
        }
        int one = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct member *member = calloc(1, sizeof *member);
        if (member == NULL) {
            abort();
        }
        server->crowd = true;
        member->fd = fd;
        member->room = ROOMS;
        member->ssl = SSL_new(server->tls);
        SSL_set_fd(member->ssl, fd);
        SSL_set_accept_state(member->ssl);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = member};
        epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

/* Durable, then visible: the floor keeps that too. */
static void floor_commit(struct floor_server *server) {
    if (server->pending_count == 0) {
        return;
    }
    if (write(server->file, server->batch.data, server->batch.len) < 0 ||
        fdatasync(server->file) != 0) {
        abort();
    }
    for (size_t i = 0; i < server->pending_count; i++) {
        const struct pending *frame = &server->pending[i];
        if (frame->room >= ROOMS) {
            continue;
        }
        for (struct member *m = server->rooms[frame->room]; m != NULL; m = m->next_in_room) {
            member_send(server, m, server->batch.data + frame->offset, frame->len);
        }
    }
    server->pending_count = 0;
    server->batch.len = 0;
}

static void floor_flush(struct floor_server *server) {
    while (server->dirty != NULL) {
        struct member *member = server->dirty;
        server->dirty = member->next_dirty;
        member->dirty = false;
        member_flush(server, member);
    }
}

/* What handshakes took for a moment goes back to the system once nobody comes any more. */
static void floor_rest(struct floor_server *server) {
    server->crowd = false;
    malloc_trim(0);
}

static void floor_turn(struct floor_server *server) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(server->epoll, events, EVENTS, server->crowd ? REST_MS : -1);
    if (count == 0) {
        floor_rest(server);
    }
    for (int i = 0; i < count; i++) {
        struct member *member = events[i].data.ptr;
        if (member == NULL) {
            floor_accept(server);
            continue;
        }
        if (!member_read(server, member)) {
            member_free(server, member);
            continue;
        }
        if (events[i].events & EPOLLOUT) {
            member_flush(server, member);
        }
    }
    floor_commit(server);
    floor_flush(server);
}

/* No chain is built, and none kept. */
static int any_certificate(X509_STORE_CTX *store, void *arg) {
    (void)store;
    (void)arg;
    return 1;
}

static bool floor_tls(struct floor_server *server) {
    struct certs_why why;
    struct keypair *pair = keypair_make("floor", NULL, 0, &why);
    server->tls = SSL_CTX_new(TLS_server_method());
    if (pair == NULL || server->tls == NULL || !keypair_use(pair, server->tls, &why)) {
        return false;
    }
    keypair_free(pair);
    SSL_CTX_set_min_proto_version(server->tls, TLS1_3_VERSION);
    SSL_CTX_set_num_tickets(server->tls, 0);
    SSL_CTX_set_options(server->tls, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(server->tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(server->tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(server->tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(server->tls, any_certificate, NULL);
    return true;
}

static bool floor_listen(struct floor_server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, 4096) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &len) != 0) {
        return false;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->listener, &event);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return true;
}

/* One frame of `size` bytes in all, marked "O". */
static void floor_opening(struct buffer *opening, size_t size) {
    uint8_t header[FRAME_HEADER_BYTES];
    size_t payload = size > FRAME_HEADER_BYTES ? size - FRAME_HEADER_BYTES : 1;
    frame_header(header, payload);
    buffer_add(opening, header, sizeof header);
    for (size_t i = 0; i < payload; i++) {
        buffer_add(opening, "O", 1);
    }
}

int main(int argc, char **argv) {
    static struct floor_server server;
    if (argc != 3) {
        fprintf(stderr, "usage: bench_floor FILE OPENING-BYTES\n");
        return 2;
    }
    server.file = open(argv[1], O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    floor_opening(&server.opening, strtoul(argv[2], NULL, 10));
    floor_opening(&server.again, RETURN_BYTES);
    if (server.file < 0 || !floor_tls(&server) || !floor_listen(&server)) {
        fprintf(stderr, "bench_floor: cannot start\n");
        return 1;
    }
    for (;;) {
        floor_turn(&server);
    }
}
