# SPDX-License-Identifier: ISC
"""
Purpose: ten thousand WebSockets from one address, which are all kept open that the server takes and none of which says
hello: it takes as many as it has room for, turns the others away and cuts off the silent, and a terminal client in a room of its own never
notices.
"""
import resource

from support import Stage, check, main
from test_web import Honest, address
from web_peer import Page

TRIES, EVERY = 10000, 500


def test_ten_thousand():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with Stage(options=["--max-connections", "60"]) as stage:
        honest, taken, refused = Honest(stage), [], 0
        for number in range(TRIES):
            try:
                page = Page(address(stage))
                if page.status == 101:
                    taken.append(page)
                else:
                    refused += 1
                    page.close()
            except (OSError, EOFError):
                refused += 1
            if number % EVERY == 0:
                honest.lives()
        # Those that never say hello are cut off in their turn, and others take their places.
        check(refused > 0 and taken, f"{refused} of {TRIES} were turned away")
        honest.lives()
        for page in taken:
            page.close()
        honest.lives()


if __name__ == "__main__":
    main(globals())
