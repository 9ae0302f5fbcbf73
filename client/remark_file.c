/*
 * remark_file.c: saving a re-marking as it goes, and going on with one.
 */
#include "client/remark_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "certs/sign.h"
#include "client/identity.h"
#include "client/recording_file.h"

static int64_t real_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool write_file(const struct mp_writer *bytes, const char *path, bool sync) {
    char fresh[IDENTITY_PATH_MAX + 16];
    snprintf(fresh, sizeof fresh, "%s.XXXXXX", path);
    int fd = mkostemp(fresh, O_CLOEXEC); /* mode 0600 */
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
    bool good = file && fwrite(bytes->data, 1, bytes->len, file) == bytes->len &&
                fflush(file) == 0 && (!sync || fsync(fd) == 0);
    int error = errno;
    if (file) {
        good = fclose(file) == 0 && good;
    } else if (fd >= 0) {
        close(fd);
    }
    if (!good || rename(fresh, path) != 0) {
        error = good ? errno : error;
        if (fd >= 0) {
            unlink(fresh);
        }
        errno = error;
        return false;
    }
    return true;
}

bool remark_file_save(const struct remark *remark, const struct keypair *identity, const char *path,
                      bool sync, struct certs_why *why) {
    struct mp_writer bytes;
    mp_writer_init(&bytes);
    bool good = false;
    if (!remark_seal(remark, keypair_key(identity), real_ms(), &bytes)) {
        certs_why_set(why, "The re-marking could not be put together: out of memory.");
    } else if (!write_file(&bytes, path, sync)) {
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
