/* SPDX-License-Identifier: ISC */
/*
 * rules.c: whether the rules of a pack fit its own plans. Not asked when a stored body is read: an
 * older pack that breaks one goes on working.
 */
#include "protocol/pack/pack.h"

int64_t pack_planned(const struct pack *pack, int plan, int phase) {
    int64_t ms = 0;
    for (int i = 0; i < phase; i++) {
        ms += pack->plans[plan].budget_ms[i];
    }
    return ms;
}

int pack_alarm_on_plan(const struct pack *pack, const struct pack_alarm *alarm) {
    bool waits = alarm->when == ALARM_UNREACHED || alarm->when == ALARM_MINUTE;
    for (int i = 0; waits && alarm->phase >= 0 && i < pack->plan_count; i++) {
        if (alarm->ms <= pack_planned(pack, i, alarm->phase)) {
            return i;
        }
    }
    return -1;
}

/* What a plan gives to the phases that count for the share, in percent, rounded down. */
static int share_of(const struct pack *pack, int plan) {
    int64_t counted = 0;
    for (int i = 0; i < pack->phase_count; i++) {
        counted += pack->phases[i].failure ? pack->plans[plan].budget_ms[i] : 0;
    }
    int64_t whole = pack_planned(pack, plan, pack->phase_count);
    return whole > 0 ? (int)(100 * counted / whole) : 0;
}

int pack_share_most(const struct pack *pack) {
    int most = 0;
    for (int i = 0; i < pack->plan_count; i++) {
        most = share_of(pack, i) > most ? share_of(pack, i) : most;
    }
    return most;
}
