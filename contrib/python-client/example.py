#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Joins a room as a coach or interviewer, marks one item, and prints what is said until the room closes.

Usage: example.py LINK KEYFILE
"""
import sys

from spar_client import Member, make_key

member = Member(sys.argv[1], make_key(sys.argv[2]), name="Example").connect()
print("joined as", member.role)

member.command("mark.set", item="clarify-volume", mark="raised")
for refusal in member.settle():
    print("refused:", refusal["text"])

printed = 0
while not (member.events and member.events[-1]["do"] == "room.close"):
    for event in member.events[printed:]:
        if event["do"] == "talk.say":
            print(repr(event["text"]))  # repr: what people type may hold control characters
    printed = len(member.events)
    try:
        member.next(60)
    except TimeoutError:
        pass
