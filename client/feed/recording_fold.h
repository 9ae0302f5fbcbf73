/* SPDX-License-Identifier: ISC */
/*
 * recording_fold.h: a whole recording folded into a model, as its seat saw the room in the end.
 */
#ifndef SPAR_CLIENT_FEED_RECORDING_FOLD_H
#define SPAR_CLIENT_FEED_RECORDING_FOLD_H

#include "client/feed/model.h"
#include "protocol/wire/recording.h"

/* Initialises the model and applies the events up to the first that does not fit. How many have
 * been applied; the model is to be freed in any case. */
uint32_t recording_fold(const struct recording *rec, struct model *model)
    __attribute__((warn_unused_result));

#endif
