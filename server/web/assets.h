/* SPDX-License-Identifier: ISC */
/*
 * assets.h: the page's files, built into the server: so that page and server never differ in
 * version. The table is generated (client/web/assets.cmake); without SPAR_WEB it is empty.
 */
#ifndef SPAR_SERVER_WEB_ASSETS_H
#define SPAR_SERVER_WEB_ASSETS_H

#include "protocol/wire/action.h"

struct asset {
    const char *name; /* of the file: "app.js"; asked for as /app/app.js */
    const char *type; /* Content-Type */
    const char *hash; /* SHA-256 of the bytes in hexadecimal: the entity's tag */
    const uint8_t *bytes, *gz;
    size_t len, gz_len;
};
extern const struct asset web_assets[];
extern const unsigned web_asset_count;

/*
 * The file that a path asks for: /app/NAME, and index.html for /, /host and /ROOM, whether there is
 * such a room or not, and for any path with a %: a link whose # became %23 on its way, of which the
 * page reads what is meant. NULL: there is no such file.
 */
const struct asset *asset_find(struct span path);
/* The name of the file that a path asks for, "" where it is none; any name that is a plain file
 * name. For --web-root. out: ASSET_NAME_MAX bytes. */
enum { ASSET_NAME_MAX = 64 };
void asset_name(struct span path, char out[ASSET_NAME_MAX]);
/* Content-Type by the name's ending. */
const char *asset_type(const char *name);

#endif
