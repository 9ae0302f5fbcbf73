# SPDX-License-Identifier: ISC
"""Purpose: the screens where seats change hands: a seat taken over by another connection and taken back by one key; two
interviewers and who drives the clock; a mark of one's own that a colleague changes; a seat moved to a new link."""

from tmux_people import links_of, on_terminals, person


def play(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24),
                 "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana interviewer \(you\)")
    links = links_of(ana)
    ben = person(terminals, folder, "ben", (80, 24), "join '%s' --name Ben" % links["candidate"])
    ana.until(r"candidate +Ben")

    # Another window of the same person takes the seat; one key takes it back.
    again = person(terminals, folder, "ben2", (80, 24), "join '%s'" % links["candidate"], home="ben")
    ben.until(r"r take it back")
    again.until(r"Ben candidate")
    ben.keys("r")
    ben.until(r"● live")
    again.until(r"r take it back")
    again.keys("q")
    again.until_ended()

    # A second interviewer: both see who drives, and one key hands the clock over or takes it.
    ana.keys("&", "i")
    ana.until(r"^ [a-z] interviewer$")
    ana.keys("@")
    link = ana.until_whole(r"https://\S+#interviewer\.[\w-]{22}\.[\w-]{43}(?![\w-])").group(0)
    ana.keys("Escape")
    cy = person(terminals, folder, "cy", (80, 24), "join '%s' --name Cy" % link)
    cy.until(r"Ana drives")
    ana.keys("@")
    ana.until(r"interviewer: used by Cy, and lets nobody else in\.")
    ana.until(r"candidate: used by Ben, and lets nobody else in\.")
    ana.keys("Escape")
    ana.until(r"Ana drives \(you\)")
    ana.keys("P")
    ana.until(r"Hand the clock to Cy\?")
    ana.keys("y")
    cy.until(r"You drive the clock now")
    ana.keys("n")
    ana.until(r"Cy drives the clock; P takes it over")
    cy.keys("n", "y")
    ana.until(r"1 of 5  Clarify")
    ana.keys("P")
    ana.until(r"Take the clock over from Cy\?")
    ana.keys("y")
    cy.until(r"Your colleague has the clock now")

    # A mark of one's own that a colleague changes.
    ana.keys("F1", "e")
    ana.until(r"✓ kept  Sources and sinks: raised")
    cy.keys("F1")
    cy.until(r"^.e ● Sources and sinks +raised")
    cy.keys("E")
    ana.until(r"Cy changed a mark of yours: Sources and sinks: prompted, you had raised")

    for one in (ana, ben, cy):
        one.keys("q", "y")
        one.until_over()


if __name__ == "__main__":
    on_terminals(play)
