/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the fixed pack of the played room: short, but as long in its longest phase as the
 * shipped one.
 */
#include "tests/support/played_pack.h"

#include <stdlib.h>

static const struct pack_phase phases[] = {
    {"clarify",
     "Clarify",
     "Ask until the vague prompt has numbers.",
     "Do the answers come back later?",
     {"Before I draw, may I ask about load and freshness?"},
     {NULL},
     1,
     0,
     false},
    {"scope",
     "Scope",
     "Say what you build and what you park.",
     "One core path, named.",
     {"I will build the path from the app to the reports."},
     {NULL},
     1,
     0,
     false},
    {"design",
     "Design",
     "Walk the pipeline from left to right, each tool tied to a requirement.",
     "Depth, and choices with reasons. Numbers stand next to boxes.",
     {"I go left to right, and start where the data enters."},
     {NULL},
     1,
     0,
     false},
    {"defend",
     "Defend",
     "Break your own design before somebody else does.",
     "Has this person been on call?",
     {"If this step runs twice, the result is the same."},
     {NULL},
     1,
     0,
     true},
    {"operate",
     "Operate",
     "Show that it can be run.",
     "Checks with a place and a threshold.",
     {"This is how we would notice."},
     {NULL},
     1,
     0,
     false},
};

static const struct pack_plan plans[] = {
    {"standard", "Standard (5/3/15/12/10)", {300000, 180000, 900000, 720000, 600000}, 0},
    {"design-heavy", "Design-heavy (5/3/18/12/7)", {300000, 180000, 1080000, 720000, 420000}, 0},
};

#define ITEM(item_id, item_title, item_heading, item_phase, item_group)         \
    {                                                                           \
        .id = (item_id), .title = (item_title), .heading = (item_heading),      \
        .strong = "Says so before being asked, with a number: " item_title ".", \
        .phase = (item_phase), .group = (item_group)                            \
    }
static const struct pack_item items[] = {
    ITEM("volume", "Volume and velocity", "How much", 0, GROUP_QUESTION),
    ITEM("latency", "Latency and freshness", "How fresh", 0, GROUP_QUESTION),
    ITEM("ends", "Sources and sinks", "Where from, where to", 0, GROUP_QUESTION),
    ITEM("schema", "Schema, format, owner", "What shape", 0, GROUP_QUESTION),
    ITEM("written", "Answers written down, cited later", "Keep them in sight", 0, GROUP_ACTION),
    ITEM("core", "Names the core path", "What you build", 1, GROUP_ACTION),
    ITEM("park", "Parks two or three things", "What you leave out", 1, GROUP_ACTION),
    ITEM("sketch", "Sketch, left to right, labelled", "Draw as you talk", 2, GROUP_ACTION),
    ITEM("ingest", "Ingestion layer", "Data enters", 2, GROUP_CHECKLIST),
    ITEM("process", "Processing layer", "Data is worked on", 2, GROUP_CHECKLIST),
    ITEM("store", "Storage layer", "Data rests", 2, GROUP_CHECKLIST),
    ITEM("serve", "Serving layer", "Data is read", 2, GROUP_CHECKLIST),
    ITEM("tied", "Tools tied to requirements", "Why this tool", 2, GROUP_ACTION),
    ITEM("rejected", "Rejected alternative per decision", "Why not the other", 2, GROUP_ACTION),
    ITEM("unhappy", "Dead letters, retries, registry drawn", "Bad input has a path", 2,
         GROUP_CHECKLIST),
    ITEM("quality", "Data quality layer in the design", "Checks have a place", 2,
         GROUP_DATA_QUALITY),
    ITEM("idempotency", "Idempotent steps", "Run it twice", 3, GROUP_CHECKLIST),
    ITEM("evolution", "Schema evolution policy", "The shape changes", 3, GROUP_CHECKLIST),
    ITEM("late", "Late data policy", "Time is out of order", 3, GROUP_CHECKLIST),
    ITEM("backfill", "Backfill strategy", "Rebuild history", 3, GROUP_CHECKLIST),
    ITEM("sla", "SLA with a buffer and an early alarm", "The deadline holds", 3, GROUP_CHECKLIST),
    ITEM("mode-late", "Failure: events hours late", "An hour offline", 3, GROUP_FAILURE_MODE),
    ITEM("mode-twice", "Failure: duplicates", "The same thing again", 3, GROUP_FAILURE_MODE),
    ITEM("mode-schema", "Failure: upstream schema change", "Unannounced", 3, GROUP_FAILURE_MODE),
    ITEM("mode-slow", "Failure: back-pressure", "Slower than the source", 3, GROUP_FAILURE_MODE),
    ITEM("mode-out", "Failure: upstream outage", "Silence", 3, GROUP_FAILURE_MODE),
    ITEM("unprompted", "Three or more raised unprompted", "You start", 3, GROUP_ACTION),
    ITEM("told", "Failure, consequence, mitigation", "Tell it whole", 3, GROUP_ACTION),
    ITEM("adjust", "Adjusts to change, no restart", "New numbers", 3, GROUP_ACTION),
    ITEM("partitions", "Partitions with a reason", "Cut it up", 4, GROUP_CHECKLIST),
    ITEM("alerts", "Alerts told from tickets", "Who wakes up", 4, GROUP_CHECKLIST),
    ITEM("complete", "Completeness check", "All there", 4, GROUP_DATA_QUALITY),
    ITEM("close", "One sentence to sum up", "The end", 4, GROUP_CLOSING),
};

static const struct pack_flag flags[] = {
    {"tool-first", "Named a tool before asking a single question",
     "Ask three questions before the first product name.", FLAG_RED},
    {"no-detection", "No way to notice a broken pipeline",
     "Add freshness and completeness to the diagram.", FLAG_RED},
    {"happy-path", "Stayed on the happy path", "Give failures a third of the time.", FLAG_MISTAKE},
};

static const struct pack_alarm alarms[] = {
    {"no-defend", "20 minutes gone and Defend has not begun. Cut the design short.",
     ALARM_UNREACHED, 3, 1200000},
    {"ending", "One minute left in this phase.", ALARM_ENDING, -1, 60000},
    {"over", "This phase's budget is used up.", ALARM_OVER, -1, 0},
};

static const struct pack_fact facts[] = {
    {"peak", "when asked about event volume", "50,000 events a second at peak."},
    {"lag", "when asked what real-time means",
     "The dashboards refresh every 60 seconds. Nobody needs less than a second."},
    {"deadline", "when asked about the SLA", "Reports for the previous day must be ready by 7 am."},
};

static const struct pack_question followups[] = {
    {"why-table", "Why a table format and not plain files?", "Goes back to the monthly renames.",
     2},
    {"twice", "The batch ran twice. What do the readers see?",
     "The same numbers, since partitions are overwritten.", 3},
};
static const struct pack_question curveballs[] = {
    {"ten-x", "From next month it is ten times as much.",
     "Finds the one bottleneck and changes that.", 3},
};
static const struct pack_step steps[] = {
    {"Asks before drawing and writes three numbers in a corner of the board.", 0},
    {"Left to right: app, collector, log; each with the number that calls for it.", 2},
};

#define FILL(member, count)                                              \
    do {                                                                 \
        for (size_t i = 0; i < sizeof(member) / sizeof *(member); i++) { \
            pack->member[i] = (member)[i];                               \
        }                                                                \
        pack->count = (uint8_t)(sizeof(member) / sizeof *(member));      \
    } while (0)

struct pack *played_pack(void) {
    struct pack *pack = pack_new();
    if (!pack) {
        abort();
    }
    pack->has_panel = true;
    pack->framework_id = "sample";
    pack->framework_title = "The sample framework";
    pack->source = "Made for the tests.";
    pack->id = "click-stream";
    pack->title = "Click-stream pipeline";
    pack->level = "senior";
    pack->prompt =
        "Our mobile app emits click-stream events: taps, screens, searches, purchases.\n\n"
        "Design the pipeline that feeds real-time dashboards and reports about the previous day.";
    pack->failure_share = 30;
    FILL(phases, phase_count);
    FILL(plans, plan_count);
    FILL(items, item_count);
    FILL(flags, flag_count);
    FILL(alarms, alarm_count);
    FILL(facts, fact_count);
    FILL(followups, followup_count);
    FILL(curveballs, curveball_count);
    FILL(steps, step_count);
    return pack;
}
