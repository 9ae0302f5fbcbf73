/* SPDX-License-Identifier: ISC */
/*
 * known_servers.c: the servers on which this client has had a room.
 */
#include "client/cmd/cmd.h"
#include "client/store/rooms_file.h"

int cmd_known_servers(int (*ask)(void *ctx, const struct invite *server), void *ctx) {
    struct rooms_file rooms;
    struct certs_why why;
    int worst = EXIT_DONE;
    if (!rooms_file_read(&rooms, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    for (size_t i = rooms.count; i-- > 0;) {
        bool asked = false;
        for (size_t k = rooms.count; !asked && --k > i;) {
            asked = invite_same_server(&rooms.entries[k].at, &rooms.entries[i].at);
        }
        int status = asked ? EXIT_DONE : ask(ctx, &rooms.entries[i].at);
        worst = status > worst ? status : worst;
    }
    rooms_file_free(&rooms);
    return worst;
}
