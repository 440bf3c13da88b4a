"""The demo's tour: steps with a figure and a bound, each of which held or failed."""

from lab.controller import ControllerFailed
from lab.pings import lost_pairs, pairs
from lab.rest import NotInTime
from scenarios.controller_kill import kill_under_traffic, strangers_of
from scenarios.linkcut import NoWayAround, cut_under_traffic

DISCOVERY_BOUND_S = 1
GAP_BOUND_MS = 1000
WHOLE_AGAIN_BOUND_S = 10


class Tour:
    def __init__(self, network, controller):
        self.network, self.controller, self.rest = network, controller, controller.rest
        self.rows = []
        # Two hosts that do not talk to each other before the controller is dead.
        self.strangers = strangers_of(network.hosts)
        self.acquainted = [pair for pair in pairs(network.hosts) if set(pair) != set(self.strangers)]

    def run(self):
        """All steps; answers whether every one held."""
        for step in (self.discovery, self.first_pings, self.link_cut, self.controller_killed):
            try:
                step()
            except NoWayAround as reason:
                self._row('Link cut under traffic', 'not in this topology: %s' % reason, '', None)
            except (NotInTime, ControllerFailed, ValueError, OSError) as reason:
                self._row(step.__doc__, str(reason), 'an answer', False)
        return all(held is not False for *_row, held in self.rows)

    def _row(self, step, figure, bound, held):
        self.rows.append((step, figure, bound, held))
        print('%-40s %s  [%s]' % (step, figure, verdict(held)), flush=True)

    def _whole(self, step, lost, count):
        figure = '%d of %d pairs' % (count - len(lost), count)
        if lost:
            figure += ', lost: %s' % ' '.join('%s-%s' % pair for pair in lost[:6])
        self._row(step, figure, 'all', not lost)

    def discovery(self):
        """Discovery"""
        found = self.rest.wait_for_discovery(self.network)
        links = len(self.network.expected_links())
        self._row('All %d links after the last connect' % links, '%.2f s' % found['discoveryS'],
                  '< %d s' % DISCOVERY_BOUND_S, found['discoveryS'] < DISCOVERY_BOUND_S)
        self._row('All ports open, all rules installed', '%.2f s' % found['rulesS'], '', None)

    def first_pings(self):
        """First ping of all pairs"""
        kept = '%s-%s' % tuple(host.name for host in self.strangers)
        print('(%s are kept apart until the controller is dead)' % kept)
        for family in (4, 6):
            self._whole('First ping, IPv%d' % family, lost_pairs(self.acquainted, family), len(self.acquainted))

    def link_cut(self):
        """Link cut under traffic"""
        figures = cut_under_traffic(self.network, self.rest, self.acquainted)
        gap = figures['gapMs']
        self._row('%s cut, ping every 10 ms' % figures['link'], 'gap %.0f ms, %d lost' % (gap, figures['lost']),
                  'gap < %d ms' % GAP_BOUND_MS, gap < GAP_BOUND_MS)
        self._whole('Pairs with the link cut', figures['lostPairs'], len(self.acquainted))
        self._row('The link back under traffic', '%d pings lost' % figures['lostOnReturn'], '', None)
        self._whole('Pairs with the link back', figures['lostPairsRestored'], len(self.acquainted))

    def controller_killed(self):
        """Controller killed under traffic"""
        figures = kill_under_traffic(self.network, self.controller)
        everyone = pairs(self.network.hosts)
        self._row('Controller killed and restarted', '%d of %d pings lost' % (figures['lost'], figures['busySent']),
                  '0 lost', figures['lost'] == 0)
        strangers = '%s-%s' % tuple(host.name for host in self.strangers)
        self._row('%s met without a controller' % strangers,
                  '%d of %d pings lost' % (figures['strangersLost'], figures['strangersSent']), '0 lost',
                  figures['strangersLost'] == 0 and figures['strangersSent'] > 0)
        self._whole('Pairs without a controller', figures['lostPairsDead'], len(everyone))
        self._row('Topology whole after the restart', '%.2f s' % figures['wholeAgainS'],
                  '< %d s' % WHOLE_AGAIN_BOUND_S, figures['wholeAgainS'] < WHOLE_AGAIN_BOUND_S)
        self._whole('Pairs after it, IPv4 and IPv6', figures['lostPairs'], 2 * len(everyone))

    def table(self):
        """The steps as a table."""
        rows = [('Step', 'Figure', 'Bound', '')] + [(*row[:3], verdict(row[3])) for row in self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = ['  '.join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
        return '\n'.join([lines[0], '-' * len(lines[0]), *lines[1:]])


def verdict(held):
    return {True: 'held', False: 'FAILED', None: '-'}[held]


def check_pairs(network, rest):
    """For the prompt: everything discovered and every pair pinged; answers the sentences to print and if all is well."""
    try:
        found = rest.wait_for_discovery(network)
    except NotInTime as reason:
        return [str(reason)], False
    everyone, well = pairs(network.hosts), True
    lines = ['All %d links seen %.2f s after the last switch connected' % (len(network.fabric()), found['discoveryS'])]
    for family in (4, 6):
        lost = lost_pairs(everyone, family)
        lines.append('IPv%d: %d of %d pairs ping' % (family, len(everyone) - len(lost), len(everyone)))
        well = well and not lost
    return lines, well
