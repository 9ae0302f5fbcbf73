/* SPDX-License-Identifier: ISC */
/*
 * assets.c: which file a path asks for.
 */
#include "server/web/assets.h"

#include <string.h>

static bool is_name(struct span name) {
    for (uint32_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                    (c == '.' && i > 0);
        if (!good) {
            return false;
        }
    }
    return name.len > 0 && name.len < ASSET_NAME_MAX;
}

void asset_name(struct span path, char out[ASSET_NAME_MAX]) {
    static const char folder[] = "/app/";
    size_t skip = sizeof folder - 1;
    struct span rest = {path.at + 1, path.len > 0 ? path.len - 1 : 0};
    out[0] = '\0';
    if (path.len > skip && memcmp(path.at, folder, skip) == 0) {
        struct span name = {path.at + skip, path.len - (uint32_t)skip};
        if (is_name(name)) {
            span_copy(name, out, ASSET_NAME_MAX);
        }
    } else if (rest.len == 0 || span_equal(rest, "host") || span_is_id(rest) ||
               memchr(rest.at, '%', rest.len) != NULL) {
        memcpy(out, "index.html", sizeof "index.html");
    }
}

const struct asset *asset_find(struct span path) {
    char name[ASSET_NAME_MAX];
    asset_name(path, name);
    for (unsigned i = 0; i < web_asset_count; i++) {
        if (strcmp(web_assets[i].name, name) == 0) {
            return &web_assets[i];
        }
    }
    return NULL;
}

const char *asset_type(const char *name) {
    static const struct {
        const char *ending, *type;
    } types[] = {{".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
                 {".json", "application/json"},         {".wasm", "application/wasm"}};
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(ending, types[i].ending) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}
