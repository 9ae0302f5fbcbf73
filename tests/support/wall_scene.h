/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a coach's wall of scripted rooms that the real core played, all at one moment, for tests
 * of the wall.
 */
#ifndef SPAR_TESTS_SUPPORT_WALL_SCENE_H
#define SPAR_TESTS_SUPPORT_WALL_SCENE_H

#include "client/feed/wall.h"
#include "client/screen/wall_screen.h"
#include "tests/support/played_room.h"

enum { WALL_SCENE_START = 60000, WALL_SCENE_NOW = 60000 + 21 * 60000 + 30000 /* 21:30 into it */ };

/* What is sent for the rooms is counted here. */
struct wall_scene {
    struct wall wall;
    struct wall_screen screen; /* of the coach, between open and close */
    struct paint paint;        /* what it shows */
    struct played played;      /* of the room that is being played */
    uint32_t sent, changes;
    struct body last; /* of the last command; its texts are not kept */
    char last_text[TEXT_MAX_BYTES + 1];
};

enum wall_play {
    WALL_PLAY_NONE,      /* nothing has come yet */
    WALL_PLAY_LOBBY,     /* waits for the start */
    WALL_PLAY_CALM,      /* in Defend, marked a minute ago */
    WALL_PLAY_UNREACHED, /* in Design, and no Defend after 20 minutes */
    WALL_PLAY_OVER_MAIN, /* in Design, past its budget */
    WALL_PLAY_OVER,      /* in Scope, past its budget */
    WALL_PLAY_GONE,      /* calm, but the candidate has been gone for 40 s */
    WALL_PLAY_HAND,      /* calm, but the candidate calls */
    WALL_PLAY_SILENT,    /* in Defend, the last mark 7 minutes ago */
    WALL_PLAY_PAUSED,
    WALL_PLAY_FINISHED
};

/* A room with the id "room" and four digits, Ana and Ben in it under other names, seen by Cleo, the
 * coach. */
struct wall_room *wall_scene_room(struct wall_scene *scene, enum wall_play play,
                                  const char *candidate, const char *interviewer);
/* The dozen rooms of the golden pictures: one of each play, and names that need care. */
void wall_scene_evening(struct wall_scene *scene);
/* Rows and order as of WALL_SCENE_NOW. */
void wall_scene_settle(struct wall_scene *scene);
/* A wall without rooms, for Cleo; aborts if memory runs out. Ended by wall_scene_close. */
void wall_scene_open(struct wall_scene *scene, int width, int height);
void wall_scene_close(struct wall_scene *scene);
/* Draws the rooms as of then, for a coach who is connected. */
void wall_scene_look(struct wall_scene *scene);
/* One key for each byte. */
void wall_scene_press(struct wall_scene *scene, const char *keys);

#endif
