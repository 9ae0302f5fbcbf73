/* SPDX-License-Identifier: ISC */
/*
 * documents.h: how many documents a YAML text holds. The library reads the first and passes over
 * the others, so that half a file would be ignored without a word.
 */
#ifndef SPAR_PROTOCOL_TEXT_DOCUMENTS_H
#define SPAR_PROTOCOL_TEXT_DOCUMENTS_H

/* The number of the line, from 1, on which something comes after the first document; 0: nothing
 * does. The marks between documents (YAML 1.2.2, section 9.1) count wherever they stand at the
 * start of a line, in a block of text too. */
int documents_second(const char *text);

#endif
