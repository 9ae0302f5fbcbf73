/* SPDX-License-Identifier: ISC */
/*
 * identity.h: this client's own key, made at first use, and where the client keeps its files.
 *
 * The key is the person as far as a server is concerned: whoever holds it owns their seats.
 */
#ifndef SPAR_CLIENT_NET_IDENTITY_H
#define SPAR_CLIENT_NET_IDENTITY_H

#include "certs/keypair.h"
#include "protocol/limits.h"

enum { IDENTITY_PATH_MAX = 4096 };

/* "$XDG_DATA_HOME/spar/NAME" (or ~/.local/share/spar/NAME), its folders made (0700). False: `why`
 * says why. */
bool identity_path(const char *name, char out[IDENTITY_PATH_MAX], struct certs_why *why)
    __attribute__((warn_unused_result));
/* Makes every missing folder (0700) on the way to a file. False: errno says why. */
bool identity_make_folders(char *path) __attribute__((warn_unused_result));
/* Loads the key, or makes it. path NULL: key.pem in the folder above. NULL with `why` on failure;
 * freed with keypair_free. */
struct keypair *identity_open(const char *path, struct certs_why *why)
    __attribute__((warn_unused_result));
/* The name that others see: `given`, else $SPAR_NAME, else the login name; as plain text
 * (text_plain) of at most NAME_MAX_BYTES, never empty. */
void identity_name(const char *given, char out[NAME_MAX_BYTES + 1]);

#endif
