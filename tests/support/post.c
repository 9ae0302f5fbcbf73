/* SPDX-License-Identifier: ISC */
#include "tests/support/post.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "certs/alpn.h"
#include "certs/keypair.h"
#include "server/base/stats.h"
#include "tests/support/journal_memory.h"
#include "tests/support/test_main.h"

static SSL_CTX *client_tls(void) {
    struct certs_why why;
    struct keypair *pair = keypair_make("caller", NULL, 0, &why);
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    CU_ASSERT_PTR_NOT_NULL_FATAL(tls);
    CU_ASSERT_TRUE_FATAL(keypair_use(pair, tls, &why));
    keypair_free(pair);
    CU_ASSERT_TRUE(alpn_offer(tls));
    return tls;
}

void post_open(struct post *post, struct patience patience, struct post_places places) {
    struct book_sizes sizes = {
        places.all, places.all, places.strangers, {1, BOOK_ROOM}, {ADDRESS_TOKENS, ADDRESS_TOKENS}};
    char path[TEMP_PATH_SIZE];
    struct certs_why why;
    memset(post, 0, sizeof *post);
    temp_make(post->folder);
    post->config = (struct config){.workers = 1,
                                   .clock_rate = 1,
                                   .max_connections = places.all,
                                   .tokens = CONN_TOKENS,
                                   .max_output_all = 64,
                                   .max_output = CONN_OUTPUT_MAX / 1024};
    post->sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
    post->server = (struct server){.config = &post->config,
                                   .patience = patience,
                                   .log = log_open(post->sink, LOG_LEVEL_ERROR),
                                   .stats = stats_new(1),
                                   .book = book_new(&sizes),
                                   .journal = journal_memory_open(NULL)};
    post->server.time = room_time_start(journal_epoch(post->server.journal), 0, 1, 0);
    post->tls = tls_load("", "", temp_path(post->folder, "server.pem", path), NULL, 0, true, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(post->tls);
    post->worker = worker_new(&post->server, 0, post->tls);
    CU_ASSERT_PTR_NOT_NULL_FATAL(post->worker);
    post->client = client_tls();
}

int post_call(struct post *post, bool is_proxy) {
    int ends[2];
    struct address from = {.text = "test", .id = {4, 192, 0, 2, 1}, .is_proxy = is_proxy};
    CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    CU_ASSERT_EQUAL_FATAL(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    CU_ASSERT_TRUE_FATAL(book_come(post->server.book, &from, 0));
    CU_ASSERT_TRUE_FATAL(worker_post_connection(post->worker, ends[1], &from));
    return ends[0];
}

void post_close(struct post *post) {
    journal_close(post->server.journal);
    worker_free(post->worker);
    tls_unref(post->tls);
    book_free(post->server.book);
    stats_free(post->server.stats);
    log_close(post->server.log);
    close(post->sink);
    SSL_CTX_free(post->client);
    temp_remove(post->folder);
}
