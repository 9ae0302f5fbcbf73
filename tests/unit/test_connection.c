/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a connection against a peer on the same event loop: whom it trusts and when it speaks,
 * that it comes back after a loss, and what ends it for good.
 */
#include "client/net/connection.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "client/net/moment.h"
#include "tests/support/test_main.h"

enum { LIMIT_SECONDS = 100, SILENT_LIMIT_MS = 10000 };

/* The peer: what it speaks, and what it got. */
struct peer {
    struct event_base *base;
    SSL_CTX *context;
    struct evconnlistener *listener;
    struct bufferevent *bev;
    uint16_t port;
    bool with_alpn, saw_certificate; /* the client's */
    int connections, handshakes;
    size_t bytes;           /* of application data */
    const char *first_word; /* what it answers to the first bytes of a connection */
    size_t first_len;
    bool close_once;   /* closes the first connection after its welcome */
    bool refuse_first; /* closes the first connection at once */
};

/* What the connection told. */
struct told {
    struct event_base *base;
    int up, down;
    bool over;
    enum connection_end end;
    char why[400];
    int up_wanted; /* leave at the so manieth */
    struct connection *connection;
    bool known; /* the connection is told that it knows the server */
    int64_t patience_ms;
    bool timed_out;
};

static int select_alpn(SSL *ssl, const unsigned char **out, unsigned char *len,
                       const unsigned char *in, unsigned in_len, void *arg) {
    (void)ssl;
    const struct peer *peer = arg;
    if (!peer->with_alpn || in_len < 7) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = in + 1;
    *len = in[0];
    return SSL_TLSEXT_ERR_OK;
}

static int take_certificate(X509_STORE_CTX *store, void *arg) {
    (void)store;
    ((struct peer *)arg)->saw_certificate = true;
    return 1;
}

static void on_peer_read(struct bufferevent *bev, void *arg) {
    struct peer *peer = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    bool first = peer->bytes == 0 || peer->close_once;
    peer->bytes += evbuffer_get_length(input);
    evbuffer_drain(input, evbuffer_get_length(input));
    if (first && peer->first_len > 0) {
        bufferevent_write(bev, peer->first_word, peer->first_len);
    }
}

static void drop_peer(struct peer *peer) {
    if (peer->bev != NULL) {
        bufferevent_free(peer->bev);
        peer->bev = NULL;
    }
}

static void on_peer_write(struct bufferevent *bev, void *arg) {
    (void)bev;
    struct peer *peer = arg;
    if (peer->close_once && peer->connections == 1 && peer->bytes > 0) {
        bufferevent_disable(peer->bev, EV_READ | EV_WRITE);
        SSL_shutdown(bufferevent_openssl_get_ssl(peer->bev));
        shutdown(bufferevent_getfd(peer->bev), SHUT_RDWR);
    }
}

static void on_peer_event(struct bufferevent *bev, short what, void *arg) {
    (void)bev;
    struct peer *peer = arg;
    peer->handshakes += (what & BEV_EVENT_CONNECTED) != 0;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int len, void *arg) {
    (void)listener, (void)address, (void)len;
    struct peer *peer = arg;
    drop_peer(peer);
    if (peer->connections++ == 0 && peer->refuse_first) {
        evutil_closesocket(fd);
        return;
    }
    peer->bev = bufferevent_openssl_socket_new(peer->base, fd, SSL_new(peer->context),
                                               BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(peer->bev, on_peer_read, on_peer_write, on_peer_event, peer);
    bufferevent_enable(peer->bev, EV_READ | EV_WRITE);
}

static void peer_open(struct peer *peer, struct event_base *base, const struct keypair *key) {
    struct certs_why why;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    peer->base = base;
    peer->context = SSL_CTX_new(TLS_server_method());
    CU_ASSERT_TRUE_FATAL(keypair_use(key, peer->context, &why));
    SSL_CTX_set_alpn_select_cb(peer->context, select_alpn, peer);
    SSL_CTX_set_verify(peer->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(peer->context, take_certificate, peer);
    SSL_CTX_set_num_tickets(peer->context, 0);
    peer->listener = evconnlistener_new_bind(base, on_accept, peer, LEV_OPT_CLOSE_ON_FREE, -1,
                                             (struct sockaddr *)&address, sizeof address);
    CU_ASSERT_PTR_NOT_NULL_FATAL(peer->listener);
    getsockname(evconnlistener_get_fd(peer->listener), (struct sockaddr *)&address, &len);
    peer->port = ntohs(address.sin_port);
}

static void peer_close(struct peer *peer) {
    drop_peer(peer);
    evconnlistener_free(peer->listener);
    SSL_CTX_free(peer->context);
}

static void on_up(void *ctx) {
    struct told *told = ctx;
    if (++told->up == told->up_wanted) {
        connection_leave(told->connection);
    }
}

static void on_down(void *ctx, int64_t retry_at, const char *why) {
    (void)retry_at, (void)why;
    ((struct told *)ctx)->down++;
}

static void on_over(void *ctx, enum connection_end end, const char *why) {
    struct told *told = ctx;
    told->over = true;
    told->end = end;
    snprintf(told->why, sizeof told->why, "%s", why);
    event_base_loopbreak(told->base);
}

static void on_message(void *ctx, const struct message *message) {
    (void)ctx, (void)message;
}

static void on_limit(evutil_socket_t fd, short what, void *arg) {
    (void)fd, (void)what;
    struct told *told = arg;
    told->timed_out = true;
    event_base_loopbreak(told->base);
}

/* Runs a connection to the peer until it is over. same_pin: the pin is the peer's. */
static void run(struct peer *peer, struct told *told, bool same_pin) {
    struct certs_why why;
    struct keypair *server = keypair_make("server", NULL, 0, &why);
    struct keypair *client = keypair_make("client", NULL, 0, &why);
    struct timeval limit = {.tv_sec = LIMIT_SECONDS};
    CU_ASSERT_TRUE_FATAL(server != NULL && client != NULL);
    told->base = event_base_new();
    peer_open(peer, told->base, server);
    struct invite invite = {.host = "127.0.0.1", .port = peer->port, .has_pin = true};
    struct pin pin;
    CU_ASSERT_TRUE(pin_of_key(keypair_key(server), &pin));
    memcpy(invite.pin, pin.bytes, PIN_SIZE);
    invite.pin[31] ^= same_pin ? 0 : 1;
    SSL_CTX *context = tls_context(client, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(context);
    struct connection_config config = {
        .base = told->base,
        .server = &invite,
        .context = context,
        .known = told->known,
        .patience_ms = told->patience_ms,
        .handler = {
            .ctx = told, .up = on_up, .down = on_down, .over = on_over, .message = on_message}};
    struct event *guard = evtimer_new(told->base, on_limit, told);
    event_add(guard, &limit);
    told->connection = connection_new(&config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(told->connection);
    event_base_dispatch(told->base);
    /* What the connection's end has put on the way still reaches the peer. */
    event_base_loop(told->base, EVLOOP_NONBLOCK);
    CU_ASSERT_FALSE(told->timed_out);
    CU_ASSERT_TRUE(told->over);
    connection_free(told->connection);
    peer_close(peer);
    event_free(guard);
    SSL_CTX_free(context);
    keypair_free(server);
    keypair_free(client);
    event_base_free(told->base);
}

/* Writes a message's frame; the caller frees the writer. */
static void say(struct peer *peer, struct mp_writer *w, const struct message *message) {
    CU_ASSERT_TRUE_FATAL(message_write(w, message));
    peer->first_word = w->data;
    peer->first_len = w->len;
}

static const struct message welcome = {
    .kind = MESSAGE_WELCOME,
    .welcome = {.version = SPAR_PROTOCOL_VERSION, .now = 1000, .rate = 1, .app = {"test", 4}}};

static void test_stranger(void) {
    struct peer peer = {.with_alpn = true};
    struct told told = {0};
    run(&peer, &told, false);
    CU_ASSERT_EQUAL(told.end, CONNECTION_END_FAILED);
    CU_ASSERT_PTR_NOT_NULL(strstr(told.why, "pin"));
    CU_ASSERT_EQUAL(told.up, 0);
    CU_ASSERT_EQUAL(peer.connections, 1);
    CU_ASSERT_EQUAL(peer.handshakes, 0);
    CU_ASSERT_FALSE(peer.saw_certificate);
    CU_ASSERT_EQUAL(peer.bytes, 0);
}

static void test_other_protocol(void) {
    struct peer peer = {.with_alpn = false};
    struct told told = {0};
    run(&peer, &told, true);
    CU_ASSERT_EQUAL(told.end, CONNECTION_END_FAILED);
    CU_ASSERT_PTR_NOT_NULL(strstr(told.why, "spar/1"));
    CU_ASSERT_EQUAL(peer.bytes, 0);
}

static void test_welcome_and_leave(void) {
    struct mp_writer w;
    struct peer peer = {.with_alpn = true};
    struct told told = {.up_wanted = 1};
    mp_writer_init(&w);
    say(&peer, &w, &welcome);
    run(&peer, &told, true);
    CU_ASSERT_EQUAL(told.end, CONNECTION_END_LEFT);
    CU_ASSERT_EQUAL(told.up, 1);
    CU_ASSERT_TRUE(peer.saw_certificate);
    mp_writer_free(&w);
}

static void test_comes_back(void) {
    struct mp_writer w;
    struct peer peer = {.with_alpn = true, .close_once = true};
    struct told told = {.up_wanted = 2};
    mp_writer_init(&w);
    say(&peer, &w, &welcome);
    run(&peer, &told, true);
    CU_ASSERT_EQUAL(told.end, CONNECTION_END_LEFT);
    CU_ASSERT_EQUAL(told.down, 1);
    CU_ASSERT_EQUAL(told.up, 2);
    CU_ASSERT_EQUAL(peer.connections, 2);
    mp_writer_free(&w);
}

/* A first connection that is lost ends it, unless the server is known to be there. */
static void test_first_connection(void) {
    for (int known = 0; known < 2; known++) {
        struct mp_writer w;
        struct peer peer = {.with_alpn = true, .refuse_first = true};
        struct told told = {.up_wanted = 1, .known = known == 1};
        mp_writer_init(&w);
        say(&peer, &w, &welcome);
        run(&peer, &told, true);
        CU_ASSERT_EQUAL(told.end, known ? CONNECTION_END_LEFT : CONNECTION_END_FAILED);
        CU_ASSERT_EQUAL(told.up, known);
        CU_ASSERT_EQUAL(told.down, known);
        mp_writer_free(&w);
    }
}

/* A server that is only just starting is called again, as long as there is patience and no
 * longer. */
static void test_patience(void) {
    static const int64_t patience[] = {0, 1, 3600000};
    for (size_t i = 0; i < 3; i++) {
        struct mp_writer w;
        struct peer peer = {.with_alpn = true, .refuse_first = true};
        struct told told = {.up_wanted = 1, .patience_ms = patience[i]};
        mp_writer_init(&w);
        say(&peer, &w, &welcome);
        run(&peer, &told, true);
        CU_ASSERT_EQUAL(told.end, i == 2 ? CONNECTION_END_LEFT : CONNECTION_END_FAILED);
        CU_ASSERT_EQUAL(told.up, i == 2);
        CU_ASSERT_EQUAL(told.down, i == 2);
        CU_ASSERT_EQUAL(peer.connections, i == 2 ? 2 : 1);
        mp_writer_free(&w);
    }
    struct peer other = {.with_alpn = false};
    struct told told = {.patience_ms = 3600000};
    run(&other, &told, true);
    CU_ASSERT_EQUAL(told.end, CONNECTION_END_FAILED); /* somebody is there, and no server of ours */
    CU_ASSERT_EQUAL(told.down, 0);
}

static void test_goodbye(void) {
    const struct message bye = {.kind = MESSAGE_BYE,
                                .bye = {.why = REFUSAL_REPLACED, .text = {"x", 1}}};
    struct mp_writer w;
    struct peer peer = {.with_alpn = true};
    struct told told = {0};
    mp_writer_init(&w);
    say(&peer, &w, &welcome);
    say(&peer, &w, &bye); /* all frames in one go */
    run(&peer, &told, true);
    CU_ASSERT_EQUAL(told.end, CONNECTION_END_REFUSED);
    CU_ASSERT_STRING_EQUAL(told.why, refusal_sentence(REFUSAL_REPLACED));
    CU_ASSERT_EQUAL(told.up, 1);
    CU_ASSERT_EQUAL(peer.connections, 1);
    mp_writer_free(&w);
}

static void test_garbage(void) {
    static const char *const words[] = {"\xff\xff\xff\xff....", "\0\0\0\0", "\0\0\0\2\xc1\xc1"};
    static const size_t lens[] = {8, 4, 6};
    for (size_t i = 0; i < 3; i++) {
        struct peer peer = {.with_alpn = true, .first_word = words[i], .first_len = lens[i]};
        struct told told = {0};
        run(&peer, &told, true);
        CU_ASSERT_EQUAL(told.end, CONNECTION_END_FAILED);
        CU_ASSERT_PTR_NOT_NULL(strstr(told.why, "update the older side"));
        CU_ASSERT_EQUAL(peer.connections, 1);
    }
}

/* ---- several servers ---- */

/* What the first server does behind its welcome. */
enum fate { FATE_CLOSES, FATE_SAYS_STOPPING, FATE_NAMES_LATE, FATE_IS_SILENT };

static bool watches(void *ctx) {
    (void)ctx;
    return true;
}

/* A server whose system takes connections that nobody answers. */
static struct evconnlistener *open_frozen(struct event_base *base, uint16_t *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    struct evconnlistener *listener = evconnlistener_new_bind(
        base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE, -1, (struct sockaddr *)&address, sizeof address);
    CU_ASSERT_PTR_NOT_NULL_FATAL(listener);
    getsockname(evconnlistener_get_fd(listener), (struct sockaddr *)&address, &len);
    *port = ntohs(address.sin_port);
    return listener;
}

/* The first server's welcome, or a pong, names a frozen one and the second; then its fate comes.
 * ms: from the start until the second has welcomed us. */
static void run_nodes(enum fate fate, struct peer peers[2], struct told *told, int64_t *ms) {
    struct certs_why why;
    struct keypair *server = keypair_make("server", NULL, 0, &why);
    struct keypair *client = keypair_make("client", NULL, 0, &why);
    struct timeval limit = {.tv_sec = LIMIT_SECONDS};
    struct mp_writer first;
    struct mp_writer second;
    struct pin pin;
    uint16_t frozen_port;
    char nodes[64];
    CU_ASSERT_TRUE_FATAL(server != NULL && client != NULL);
    told->base = event_base_new();
    peer_open(&peers[0], told->base, server);
    peer_open(&peers[1], told->base, server);
    struct evconnlistener *frozen = open_frozen(told->base, &frozen_port);
    snprintf(nodes, sizeof nodes, "127.0.0.1:%u\n127.0.0.1:%u", frozen_port, peers[1].port);
    mp_writer_init(&first);
    mp_writer_init(&second);
    struct message named = welcome;
    named.welcome.nodes = span_of(fate == FATE_NAMES_LATE ? "" : nodes);
    say(&peers[0], &first, &named);
    say(&peers[1], &second, &welcome);
    if (fate == FATE_NAMES_LATE) {
        const struct message pong = {.kind = MESSAGE_PONG, .pong = {.nodes = span_of(nodes)}};
        say(&peers[0], &first, &pong);
    }
    if (fate == FATE_SAYS_STOPPING || fate == FATE_NAMES_LATE) {
        const struct message bye = {.kind = MESSAGE_BYE, .bye = {.why = REFUSAL_STOPPING}};
        say(&peers[0], &first, &bye); /* both frames in one go */
    }
    peers[0].close_once = fate == FATE_CLOSES;
    struct invite invite = {.host = "127.0.0.1", .port = peers[0].port, .has_pin = true};
    CU_ASSERT_TRUE(pin_of_key(keypair_key(server), &pin));
    memcpy(invite.pin, pin.bytes, PIN_SIZE);
    SSL_CTX *context = tls_context(client, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(context);
    struct connection_config config = {.base = told->base,
                                       .server = &invite,
                                       .context = context,
                                       .handler = {.ctx = told,
                                                   .up = on_up,
                                                   .down = on_down,
                                                   .over = on_over,
                                                   .message = on_message,
                                                   .watches = watches}};
    struct event *guard = evtimer_new(told->base, on_limit, told);
    event_add(guard, &limit);
    *ms = moment_ms();
    told->connection = connection_new(&config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(told->connection);
    event_base_dispatch(told->base);
    *ms = moment_ms() - *ms;
    CU_ASSERT_FALSE(told->timed_out);
    CU_ASSERT_TRUE(told->over);
    connection_free(told->connection);
    peer_close(&peers[0]);
    peer_close(&peers[1]);
    evconnlistener_free(frozen);
    event_free(guard);
    SSL_CTX_free(context);
    keypair_free(server);
    keypair_free(client);
    event_base_free(told->base);
    mp_writer_free(&first);
    mp_writer_free(&second);
}

/* A server that is lost, says that it stops, or says nothing any more is left for another; one that
 * stands still on the way costs no more than DIAL_NEXT_MS. */
static void test_another_server(void) {
    for (int fate = FATE_CLOSES; fate <= FATE_IS_SILENT; fate++) {
        struct peer peers[2] = {{.with_alpn = true}, {.with_alpn = true}};
        struct told told = {.up_wanted = 2};
        int64_t ms;
        run_nodes((enum fate)fate, peers, &told, &ms);
        CU_ASSERT_EQUAL(told.end, CONNECTION_END_LEFT);
        CU_ASSERT_EQUAL(told.up, 2);
        CU_ASSERT_EQUAL(told.down, 1);
        CU_ASSERT_EQUAL(peers[0].connections, 1);
        CU_ASSERT_EQUAL(peers[1].connections, 1);
        CU_ASSERT_TRUE(fate != FATE_IS_SILENT || ms >= NODE_SILENT_MS);
        CU_ASSERT_TRUE(ms <
                       (int64_t)2 * SILENT_LIMIT_MS); /* not the half minute of a lone server */
    }
}

static CU_TestInfo tests[] = {{"a stranger gets nothing", test_stranger},
                              {"another protocol gets nothing", test_other_protocol},
                              {"welcome and leave", test_welcome_and_leave},
                              {"it comes back after a loss", test_comes_back},
                              {"a first connection", test_first_connection},
                              {"patience with a server that starts", test_patience},
                              {"a goodbye for good", test_goodbye},
                              {"garbage ends it", test_garbage},
                              {"another server is taken", test_another_server},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"connection", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
