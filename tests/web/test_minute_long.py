# SPDX-License-Identifier: ISC
"""Purpose: a real minute without network: the page says so all the while, comes back by itself, and nothing is lost."""

from browser import WEB_OPTIONS, need_browser
from support import Stage
from test_faults import lose_network

need_browser()
with Stage(options=WEB_OPTIONS) as whole:
    lose_network(whole, 60)
