/* SPDX-License-Identifier: ISC */
/*
 * sha2.h: SHA-256 with libmd's names, for the module that runs in a browser: WebCrypto's digest
 * answers later, and a fold cannot wait.
 */
#ifndef SPAR_CLIENT_WEB_WASM_SHIM_SHA2_H
#define SPAR_CLIENT_WEB_WASM_SHIM_SHA2_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t state[8];
    uint64_t count; /* bytes so far */
    uint8_t block[64];
} SHA2_CTX;

void SHA256Init(SHA2_CTX *ctx);
void SHA256Update(SHA2_CTX *ctx, const uint8_t *bytes, size_t len);
void SHA256Final(uint8_t out[32], SHA2_CTX *ctx);

#endif
