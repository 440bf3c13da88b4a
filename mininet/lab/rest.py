"""The controller's northbound, as far as the scenarios ask it."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime

POLL_INTERVAL_S = 0.03
REQUEST_TIMEOUT_S = 5


class NotInTime(Exception):
    """What was waited for did not come."""


class Rest:
    def __init__(self, base):
        """base: such as http://127.0.0.1:8080"""
        self.base = base.rstrip('/')

    def get(self, path, **query):
        """The answer to GET /api/v1/`path`. Raises OSError where there is none, a refusal included."""
        text = '?' + urllib.parse.urlencode(query) if query else ''
        url = '%s/api/v1/%s%s' % (self.base, path, text)
        with urllib.request.urlopen(url, timeout=REQUEST_TIMEOUT_S) as answer:
            return json.load(answer)

    def links(self):
        """Links that are up both ways, as a set of frozensets of two (dpid, port)."""
        return {frozenset((end(link['a']), end(link['b'])))
                for link in self.get('links')['items'] if link['up'] and link['bidirectional']}

    def connected(self):
        """dpid -> time of connecting (seconds since 1970) of the switches that are connected."""
        return {switch['dpid']: epoch(switch['connectedSince'])
                for switch in self.get('switches')['items'] if switch['connected']}

    def path(self, source, target):
        """Hops of the shortest path between two hosts: [{dpid, inPort, outPort}]."""
        items = self.get('paths', **{'from': source, 'to': target})['items']
        return items[0]['hops'] if items else []

    def wait_until(self, what, holds, timeout_s):
        """Asks until `holds()`; answers the seconds that took. A controller that does not answer is asked again."""
        began = time.monotonic()
        last = None
        while time.monotonic() - began < timeout_s:
            try:
                if holds():
                    return time.monotonic() - began
                last = None
            except (OSError, urllib.error.URLError) as error:
                last = error
            time.sleep(POLL_INTERVAL_S)
        reason = '' if last is None else '; the controller answered: %s' % last
        raise NotInTime('%s did not come within %d s%s' % (what, timeout_s, reason))

    def wait_for_links(self, expected, timeout_s=20):
        """Until the controller sees exactly the links of the network; seconds."""
        try:
            return self.wait_until('Exactly the %d links of the network' % len(expected),
                                   lambda: self.links() == expected, timeout_s)
        except NotInTime as error:
            raise NotInTime('%s (%s)' % (error, self._difference(expected))) from error

    def _difference(self, expected):
        try:
            seen = self.links()
        except OSError as error:
            return 'no answer: %s' % error
        return '%d seen, missing: %s, too many: %s' % (len(seen), written(expected - seen), written(seen - expected))

    def wait_for_switches(self, dpids, timeout_s=20):
        return self.wait_until('The connection of %d switches' % len(dpids),
                               lambda: set(self.connected()) >= set(dpids), timeout_s)

    def wait_for_discovery(self, network):
        """Until the network is known and the switches hold the rules for it: all links, host ports told from fabric
        ports, every wanted rule installed. Answers the seconds from the last switch's connecting to each of the three.
        """
        self.wait_for_links(network.expected_links())
        figures = {'discoveryS': self._since_last_connect()}
        expected = network.host_ports()
        self.wait_until('The %d ports of hosts' % len(expected), lambda: self.host_ports() == expected, 10)
        figures['portsOpenS'] = self._since_last_connect()
        self.wait_for_rules()
        figures['rulesS'] = self._since_last_connect()
        return figures

    def wait_for_rules(self):
        return self.wait_until('All rules on all switches', self.rules_are_installed, 10)

    def _since_last_connect(self):
        now = time.time()
        return round(now - max(self.connected().values()), 3)

    def host_ports(self):
        """(dpid, port) of the ports of connected switches that are known to lead to hosts."""
        return {(switch['dpid'], port['number']) for switch in self.get('switches')['items'] if switch['connected']
                for port in switch['ports'] if port['kind'] == 'host' and port['up']}

    def rules_are_installed(self):
        """Does every switch hold as many rules of the controller's as it should? The switches are asked now."""
        return all(self.count_rules(dpid, 'installed') == self.count_rules(dpid, 'desired') for dpid in self.connected())

    def count_rules(self, dpid, source):
        flows = self.get('switches/%s/flows' % dpid, source=source)['items']
        return sum(1 for flow in flows if flow['owner'] is not None)


def end(link_end):
    return (link_end['dpid'], link_end['port'])


def epoch(text):
    return datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp()


def written(links):
    """A few of the links in words."""
    names = sorted(' - '.join(sorted('%s:%s' % (dpid.lstrip('0'), port) for dpid, port in link)) for link in links)
    return ', '.join(names[:4]) + (' ...' if len(names) > 4 else '') if names else 'none'
