/* SPDX-License-Identifier: ISC */
/*
 * swap.c: choosing the prompts for a second half, in the order in which they are tried.
 */
#include "client/feed/swap.h"

#include <stdio.h>
#include <string.h>

#include "client/pack/choice.h"
#include "client/store/prompts_file.h"

enum { SWAP_READ_MAX = 64 };

/* Drops the present prompt, and those that this person may not get; gives how many are left. */
static int keep_fit(const struct model *model, struct pack **packs, int count) {
    struct prompts_file had;
    prompts_file_read(&had);
    bool turns_candidate = model->role == ROLE_INTERVIEWER;
    int kept = 0;
    for (int i = 0; i < count; i++) {
        bool present = model->room.pack != NULL && strcmp(packs[i]->id, model->room.pack->id) == 0;
        if (present || (turns_candidate && prompts_file_has(&had, packs[i]->id))) {
            pack_unref(packs[i]);
        } else {
            packs[kept++] = packs[i];
        }
    }
    return kept;
}

bool swap_start(struct feed *feed, const char *name, char *why, size_t size) {
    struct pack *packs[SWAP_READ_MAX];
    int count;
    if (feed->ops->swap == NULL || feed->model.role == ROLE_COACH) {
        snprintf(why, size, "Only an interviewer or the candidate of a live room turns the roles.");
        return false;
    }
    if (name != NULL) {
        packs[0] = pack_choice_read(name, stderr);
        count = packs[0] != NULL;
    } else {
        count = keep_fit(&feed->model, packs, pack_choice_all(packs, SWAP_READ_MAX));
    }
    bool sent = count > 0 && feed->ops->swap(feed, packs, count);
    if (count == 0) {
        snprintf(why, size,
                 "There is no other prompt here for a second half; see 'spar pack list'.");
    } else if (!sent) {
        snprintf(why, size, "%s", feed->model.message);
    }
    for (int i = 0; i < count; i++) {
        pack_unref(packs[i]);
    }
    return sent;
}
