# SPDX-License-Identifier: ISC
"""Purpose: the design board in two real terminals: drawn by keys, seen at once by the panel, undone, drawn unseen, and
written afterwards by spar board."""

from tmux_people import links_of, on_terminals, person


def draw(terminals, folder, server):
    ana = person(terminals, folder, "ana", (120, 40), "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana \(you\)")
    ben = person(terminals, folder, "ben", (80, 24), "join '%s' --name Ben" % links_of(ana)["candidate"])
    ben.until(r"live .*ms")
    ana.until(r"candidate +Ben|Ben candidate")
    ana.keys("n")
    ana.until(r"y yes")
    ana.keys("y")
    ben.until(r"running")
    ben.keys("F3")
    ben.until(r"\[Board\]")
    ben.text("Kafka != Kinesis; R1")
    ben.keys("Enter")
    ben.until(r"│Kafka")
    ben.text("Flink")
    ben.keys("Enter")
    ben.until(r"│Flink")
    ben.keys("Escape")
    ana.until(r" Board ")
    ana.keys("F5")
    ana.until(r"\[Board\]")
    ana.until(r"│Kafka .*│Flink|[│┃]Kafka.*│Flink")
    ben.keys("Left", "DC")
    ana.until_gone(r"│Flink")
    ben.keys("[")
    ana.until(r"│Flink")
    ben.keys("+")
    ben.text("50 MB/s")
    ben.keys("Enter")
    ana.until(r"R1 50 MB/s")
    ben.keys("*")
    ana.until(r"the candidate thinks unseen")
    ben.keys("Right")
    ben.text("S3")
    ben.keys("Enter", "Escape")
    ben.until(r"1 held|2 held")
    assert "S3" not in ana.screen()
    ben.keys("*")
    ana.until(r"│S3")
    ana.keys("N")
    ana.until(r"y yes")
    ana.keys("y")
    ben.until(r"finished")
    for who in (ben, ana):
        who.keys("F1", "q")
        who.until(r"Leave\?")
        who.keys("y")
        who.until_over()


if __name__ == "__main__":
    on_terminals(draw)
