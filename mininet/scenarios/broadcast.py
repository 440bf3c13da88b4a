"""Broadcasts in a network full of loops: how often does one frame cross one link in one direction?

Without --storm: once all is known, each host in turn sends some numbered frames. With it: every host broadcasts from
before the bridges come up, and for SECONDS links are cut and restored at random; afterwards each host in turn again.
Figures: maxCrossings (1 is right, more is a loop), repeats, framesSent, and from the last round missing and doubled
deliveries at the other hosts; repeated has the journeys of frames that went twice, changes those of links.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import random
import time

from lab.frames import Broadcaster, BroadcastWatch, broadcast_frame
from lab.network import set_links
from lab.program import scenario

FRAMES_EACH = 3
# The most frames that still circle after the network came to rest would need to pass a counting point again.
SETTLE_S = 0.5
# Numbers of the last round start here, above all that a storm sends.
LAST_ROUND = 1 << 30


def run(lab, options):
    network = lab.bring_up(start=False)
    watch = BroadcastWatch(network)
    try:
        figures = storm(lab, network, watch, options) if options.storm else calm(lab, network)
        figures.update(each_in_turn(network, watch))
    finally:
        watch.stop()
    return dict(figures, maxCrossings=watch.max_crossings(), repeats=watch.repeats(), notCounted=watch.dropped,
                crossings=sum(watch.at_fabric.values()), repeated=watch.repeated_journeys())


def calm(lab, network):
    network.start()
    return lab.rest.wait_for_discovery(network)


def storm(lab, network, watch, options):
    """Broadcasts all along, while the bridges come up and links come and go."""
    broadcaster = Broadcaster(watch, options.rate)
    try:
        network.start()
        expected = network.expected_links()
        found = lab.rest.wait_for_discovery(network)
        changes = cut_and_restore(network.fabric(), options.storm, random.Random(options.seed))
        whole = lab.rest.wait_for_links(expected) + lab.rest.wait_for_rules()
        time.sleep(SETTLE_S)
    finally:
        broadcaster.stop()
    return {**found, 'linkChanges': len(changes), 'changes': changes, 'wholeAgainS': round(whole, 3),
            'stormFrames': broadcaster.sent}


def cut_and_restore(fabric, seconds, dice):
    """Cuts and restores links at random for so long, at most half of them down at a time.

    Answers the changes: [time, the link's two interfaces, 'up' or 'down'].
    """
    down, changes = [], []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if down and (len(down) > len(fabric) // 2 or dice.random() < 0.5):
            change([down.pop(dice.randrange(len(down)))], 'up', changes)
        else:
            link = dice.choice([link for link in fabric if link not in down])
            change([link], 'down', changes)
            down.append(link)
        time.sleep(dice.uniform(0.05, 0.5))
    change(down, 'up', changes)
    return changes


def change(links, state, changes):
    changes.extend([time.time(), link.intf1.name, link.intf2.name, state] for link in links)
    set_links(links, state)


def each_in_turn(network, watch):
    """Each host sends some frames, and every other host should get each of them once."""
    sent = []
    for index, host in enumerate(network.hosts):
        for number in range(FRAMES_EACH):
            sent.append((index, LAST_ROUND + number))
            watch.sender(host).send(broadcast_frame(host, *sent[-1]))
            time.sleep(0.02)
    time.sleep(SETTLE_S)
    missing, doubled = watch.deliveries(sent)
    return {'framesSent': len(sent), 'missing': missing, 'doubled': doubled}


def add_arguments(parser):
    parser.add_argument('--storm', type=float, default=0, metavar='SECONDS', help='cut and restore links for so long')
    parser.add_argument('--rate', type=float, default=20, help='frames a second of each host then (default %(default)s)')
    parser.add_argument('--seed', type=int, default=1, help='of the random cuts (default %(default)s)')


if __name__ == '__main__':
    scenario(__doc__, run, add_arguments, topo='torus:3,3')
