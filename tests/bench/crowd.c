/* SPDX-License-Identifier: ISC */
/*
 * crowd.c: see crowd.h.
 */
#include "tests/bench/crowd.h"

enum { AT_ONCE = 128 }; /* handshakes under way */

bool crowd_come(struct pool *pool) {
    int64_t limit = bench_ns() + 120000000000;
    uint32_t next = 0;
    while (pool->joined < pool->count && bench_ns() < limit && pool->lost == 0) {
        while (next < pool->count && next < pool->joined + AT_ONCE) {
            pool_connect(pool, &pool->peers[next++]);
        }
        pool_turn(pool, 10);
    }
    return pool->joined == pool->count;
}

void crowd_wait(struct pool *pool, int64_t ms) {
    int64_t until = bench_ns() + ms * 1000000;
    while (bench_ns() < until) {
        pool_turn(pool, 20);
    }
}

bool crowd_open(struct bench *bench, uint32_t members) {
    load_listen(bench);
    if (!pool_init(&bench->pool, bench->target.port, members)) {
        return false;
    }
    for (int role = 0; role < MEMBERS; role++) {
        uint16_t port = bench->ports[role];
        bench->pool.ports[role] = port != 0 ? port : bench->target.port;
    }
    bench->pool.ctx = &bench->target;
    bench->pool.on_up = bench->target.join;
    bench->pool.on_frame = bench->target.frame;
    bench->pool.on_quiet = bench->target.keep;
    return bench->target.prepare(&bench->target, (members + MEMBERS - 1) / MEMBERS) &&
           crowd_come(&bench->pool);
}

void crowd_start(struct bench *bench) {
    for (uint32_t i = 0; i < bench->pool.count; i += MEMBERS) {
        bench->target.start(&bench->pool, &bench->pool.peers[i]);
        pool_turn(&bench->pool, 0);
    }
    crowd_wait(&bench->pool, SETTLE_MS);
}
