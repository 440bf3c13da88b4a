"""A flow of numbered UDP packets from one host to another, and what became of each packet."""

import array
import os
import subprocess
import sys
import time

from lab.frames import DISCARD_PORT
from lab.pings import in_host

PROGRAM = os.path.join(os.path.dirname(__file__), 'udp_sender.py')
FIRST_SOURCE_PORT = 20000
# How long a packet may be on its way.
LAST_ARRIVALS_S = 0.3


class Flow:
    """Packets from `source` to `target`; a `BroadcastWatch` sees them as frames (number, count)."""

    def __init__(self, watch, source, target, number, port=0, rate=1000):
        """number: tells flows apart; port: flows of another go by other ways; rate: packets a second"""
        self.watch, self.source, self.target, self.number = watch, source, target, number
        argv = [sys.executable, PROGRAM, target.IP(), DISCARD_PORT, FIRST_SOURCE_PORT + port, number, rate]
        self.process = in_host(source, [str(word) for word in argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.times = []

    def path(self):
        """The interfaces by which one of the last packets that arrived came into switches, in order."""
        arrived = [count for (sender, count), name in list(self.watch.at_host)
                   if sender == self.number and name == self.target.name]
        return [interface for _when, interface in self.watch.journeys[self.number, max(arrived)]] if arrived else []

    def stop(self):
        """Sends no more, and lets the last packets arrive; from here on there are figures."""
        output, _ = self.process.communicate()
        self.times = array.array('d', output)
        time.sleep(LAST_ARRIVALS_S)

    def figures(self, began=0, ended=float('inf')):
        """Of the packets sent from `began` to `ended` (CLOCK_MONOTONIC): {sent, lost, gapMs}.

        gapMs is the longest time between sending a packet that arrived and the next that did, where some between were
        lost: how the receiver is scheduled does not count.
        """
        chosen = [count for count, sent_at in enumerate(self.times) if began <= sent_at < ended]
        arrived = [count for count in chosen if self._arrivals(count)]
        gaps = [self.times[later] - self.times[earlier]
                for earlier, later in zip(arrived, arrived[1:]) if later > earlier + 1]
        return {'sent': len(chosen), 'lost': len(chosen) - len(arrived), 'gapMs': round(max(gaps, default=0) * 1000, 1)}

    def lost_runs(self, began):
        """Packets lost one after the other: [ms from `began` to the first of them, how many, where they were last]."""
        runs, last = [], -2
        for count, sent_at in enumerate(self.times):
            if self._arrivals(count):
                continue
            if count != last + 1:
                seen = self.watch.journeys.get((self.number, count), [(0, 'source')])
                runs.append([round((sent_at - began) * 1000, 1), 0, seen[-1][1]])
            runs[-1][1] += 1
            last = count
        return runs

    def duplicates(self):
        """Packets that arrived more than once."""
        return sum(1 for count in range(len(self.times)) if self._arrivals(count) > 1)

    def strays(self):
        """Arrivals at hosts that they were not for."""
        return sum(times for ((sender, _count), name), times in self.watch.at_host.items()
                   if sender == self.number and name != self.target.name)

    def _arrivals(self, count):
        return self.watch.at_host[(self.number, count), self.target.name]
