/* SPDX-License-Identifier: ISC */
/*
 * keypair_file.c: key pairs in PEM files: loading with every fault named, saving whole or not at
 * all.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/beside.h"
#include "certs/keypair.h"
#include "certs/keypair_parts.h"

/* The whole of a PEM file; cleansed when freed, since it may hold a key. */
struct content {
    char *bytes;
    size_t size;
    mode_t mode;
};

static void content_free(struct content *content) {
    if (content->bytes) {
        OPENSSL_cleanse(content->bytes, KEYPAIR_FILE_MAX);
        free(content->bytes);
    }
}

static bool read_all(int fd, struct content *content) {
    while (content->size < KEYPAIR_FILE_MAX) {
        ssize_t got = read(fd, content->bytes + content->size, KEYPAIR_FILE_MAX - content->size);
        if (got == 0) {
            return true;
        }
        if (got > 0) {
            content->size += (size_t)got;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool read_content(const char *path, struct content *content, struct certs_why *why) {
    struct stat status;
    /* Without O_NONBLOCK the open of a FIFO would wait for a writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *content = (struct content){0};
    if (fd < 0 || fstat(fd, &status) != 0) {
        certs_why_set(why, "The file %s cannot be opened (%s); check the path and its rights.",
                      path, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    content->mode = status.st_mode;
    bool good = false;
    if (!S_ISREG(status.st_mode)) {
        certs_why_set(why, "%s is not a file; name a PEM file.", path);
    } else if (status.st_size > KEYPAIR_FILE_MAX) {
        certs_why_set(why, "%s is larger than %d bytes; name a PEM file.", path,
                      (int)KEYPAIR_FILE_MAX);
    } else if (!(content->bytes = calloc(1, KEYPAIR_FILE_MAX)) || !read_all(fd, content)) {
        certs_why_set(why, "%s cannot be read (%s); try again.", path, strerror(errno));
    } else {
        good = true;
    }
    close(fd);
    return good;
}

/* Stands in for OpenSSL's own, which would ask on the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *asked) {
    (void)buffer;
    (void)size;
    (void)writing;
    *(bool *)asked = true;
    return -1;
}

static bool parse_certificates(struct keypair *pair, const struct content *content,
                               const char *path, struct certs_why *why) {
    BIO *bio = BIO_new_mem_buf(content->bytes, (int)content->size);
    bool asked = false;
    X509 *next;
    bool stored = bio != NULL;
    while (stored && (next = PEM_read_bio_X509(bio, NULL, no_passphrase, &asked))) {
        if (!pair->certificate) {
            pair->certificate = next;
        } else if (sk_X509_push(pair->chain, next) <= 0) {
            X509_free(next);
            stored = false;
        }
    }
    /* The reader stops with "no start line" at the end; anything else is a damaged certificate. */
    bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    BIO_free(bio);
    if (!pair->certificate) {
        certs_why_set(why,
                      "%s holds no certificate; it must be PEM text with a block that begins "
                      "-----BEGIN CERTIFICATE-----.",
                      path);
        return false;
    }
    if (!whole || !stored) {
        certs_why_set(
            why, "%s holds a damaged certificate; copy it again from where it was issued.", path);
        return false;
    }
    return true;
}

static bool parse_key(struct keypair *pair, const struct content *content, const char *path,
                      struct certs_why *why) {
    if (content->mode & S_IRWXO) {
        certs_why_set(why,
                      "%s holds a private key that every user of this machine may open; run "
                      "chmod 600 on it and, if others could have read it, replace it.",
                      path);
        return false;
    }
    BIO *bio = BIO_new_mem_buf(content->bytes, (int)content->size);
    bool asked = false;
    if (bio) {
        pair->key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &asked);
    }
    ERR_clear_error();
    BIO_free(bio);
    if (!pair->key && asked) {
        certs_why_set(why,
                      "The key in %s has a pass phrase; write one without it: openssl pkey "
                      "-in OLD -out NEW.",
                      path);
    } else if (!pair->key) {
        certs_why_set(why,
                      "%s holds no private key; it must be PEM text with a block that begins "
                      "-----BEGIN PRIVATE KEY-----.",
                      path);
    }
    return pair->key != NULL;
}

static bool load_into(struct keypair *pair, const char *certificate_path, const char *key_path,
                      struct certs_why *why) {
    struct content content;
    bool good = read_content(certificate_path, &content, why) &&
                parse_certificates(pair, &content, certificate_path, why);
    if (good && key_path) {
        content_free(&content);
        good = read_content(key_path, &content, why);
    }
    good = good && parse_key(pair, &content, key_path ? key_path : certificate_path, why);
    content_free(&content);
    return good;
}

struct keypair *keypair_load(const char *certificate_path, const char *key_path,
                             struct certs_why *why) {
    struct keypair *pair = keypair_new(why);
    if (!pair) {
        return NULL;
    }
    bool good = load_into(pair, certificate_path, key_path, why);
    if (good && X509_check_private_key(pair->certificate, pair->key) != 1) {
        ERR_clear_error();
        certs_why_set(why,
                      "The key in %s is not the key of the first certificate in %s; give the "
                      "two files that belong together.",
                      key_path ? key_path : certificate_path, certificate_path);
        good = false;
    }
    if (!good) {
        keypair_free(pair);
        return NULL;
    }
    return pair;
}

/* Writes key and certificates to `fd` and syncs it; errno tells the reason of a failure. */
static bool write_pair(const struct keypair *pair, int fd) {
    BIO *bio = BIO_new(BIO_s_mem());
    bool good = bio && PEM_write_bio_PKCS8PrivateKey(bio, pair->key, NULL, NULL, 0, NULL, NULL) &&
                PEM_write_bio_X509(bio, pair->certificate);
    for (int i = 0; good && i < sk_X509_num(pair->chain); i++) {
        good = PEM_write_bio_X509(bio, sk_X509_value(pair->chain, i));
    }
    char *text = NULL;
    long size = bio ? BIO_get_mem_data(bio, &text) : 0;
    errno = ENOMEM;
    for (long written = 0; good && written < size;) {
        ssize_t done = write(fd, text + written, (size_t)(size - written));
        good = done > 0 || errno == EINTR;
        written += done > 0 ? done : 0;
    }
    good = good && fsync(fd) == 0;
    int reason = errno;
    if (text) {
        OPENSSL_cleanse(text, (size_t)size);
    }
    BIO_free(bio);
    errno = reason;
    return good;
}

/* A rename is on disk only once its folder is. */
static bool sync_folder_of(const char *path) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) + 1 : 1;
    int written = snprintf(folder, sizeof folder, "%.*s", length, slash ? path : ".");
    if (written < 0 || (size_t)written >= sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

enum placing { REPLACE, KEEP_EXISTING };

/* Puts the pair at `path` in one step. With KEEP_EXISTING errno is EEXIST if a file was there. */
static bool place(const struct keypair *pair, const char *path, enum placing placing) {
    char fresh[BESIDE_NAME_MAX];
    int fd = beside_open(path, fresh);
    if (fd < 0) {
        return false;
    }
    bool taken = placing == KEEP_EXISTING && access(path, F_OK) == 0;
    bool good = !taken && write_pair(pair, fd) && rename(fresh, path) == 0;
    int reason = taken ? EEXIST : errno;
    if (!good) {
        unlink(fresh);
    }
    close(fd);
    errno = reason;
    return good && sync_folder_of(path);
}

bool keypair_save(const struct keypair *pair, const char *path, struct certs_why *why) {
    if (!place(pair, path, REPLACE)) {
        certs_why_set(why,
                      "The key cannot be written to %s (%s); check the folder, its rights and "
                      "the space left.",
                      path, strerror(errno));
        return false;
    }
    return true;
}

struct keypair *keypair_open(const char *path, const char *name, const char *const *hosts,
                             size_t host_count, bool *made, struct certs_why *why) {
    if (made) {
        *made = false;
    }
    if (access(path, F_OK) == 0 || errno != ENOENT) {
        return keypair_load(path, NULL, why);
    }
    struct keypair *pair = keypair_make(name, hosts, host_count, why);
    if (!pair) {
        return NULL;
    }
    if (!place(pair, path, KEEP_EXISTING)) {
        int reason = errno;
        keypair_free(pair);
        if (reason == EEXIST) {
            return keypair_load(path, NULL, why);
        }
        certs_why_set(why,
                      "The key cannot be written to %s (%s); check the folder, its rights and "
                      "the space left.",
                      path, strerror(reason));
        return NULL;
    }
    if (made) {
        *made = true;
    }
    return pair;
}
