/* SPDX-License-Identifier: ISC */
/*
 * export.h: how a function becomes one that the page can call.
 */
#ifndef SPAR_CLIENT_WEB_WASM_EXPORT_H
#define SPAR_CLIENT_WEB_WASM_EXPORT_H

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name)
#endif

#endif
