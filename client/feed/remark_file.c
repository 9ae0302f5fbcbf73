/* SPDX-License-Identifier: ISC */
/*
 * remark_file.c: saving a re-marking as it goes, and going on with one.
 */
#include "client/feed/remark_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certs/sign.h"
#include "client/net/moment.h"
#include "client/store/recording_file.h"
#include "client/store/safe_file.h"

static void put_bytes(FILE *file, const void *ctx) {
    const struct mp_writer *bytes = ctx;
    (void)fwrite(bytes->data, 1, bytes->len, file);
}

bool remark_file_save(const struct remark *remark, const struct keypair *identity, const char *path,
                      bool sync, struct certs_why *why) {
    struct mp_writer bytes;
    mp_writer_init(&bytes);
    bool good = false;
    if (!remark_seal(remark, keypair_key(identity), moment_of_wall_ms(), &bytes)) {
        certs_why_set(why, "The re-marking could not be put together: out of memory.");
    } else if (!safe_file_replace(path, sync, put_bytes, &bytes)) {
        certs_why_set(why, "%s cannot be written (%s); choose another with --out.", path,
                      strerror(errno));
    } else {
        good = true;
    }
    mp_writer_free(&bytes);
    return good;
}

static bool is_own(const struct recording *rec, const struct keypair *identity) {
    struct public_key own;
    return sign_key_export(keypair_key(identity), &own) && rec->key.len == own.size &&
           memcmp(rec->key.at, own.bytes, own.size) == 0;
}

bool remark_file_resume(struct remark *remark, const struct keypair *identity, const char *path,
                        struct certs_why *why) {
    struct recording before;
    struct certs_why fault = {{0}};
    bool good = false;
    if (access(path, F_OK) != 0) {
        return true;
    }
    if (recording_file_read(path, &before, &fault) != RECORDING_OK ||
        !recording_is_remarking(&before)) {
        certs_why_set(why, "%s is there already and is no re-marking; choose another with --out.",
                      path);
    } else if (!is_own(&before, identity)) {
        certs_why_set(why, "%s was made with another key; choose another with --out.", path);
    } else if (!remark_resume(remark, &before, &fault)) {
        certs_why_set(why, "%s is there already. %.300s", path, fault.text);
    } else {
        good = true;
    }
    recording_free(&before);
    return good;
}
