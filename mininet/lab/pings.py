"""Pings between all pairs, with Debian's own ping."""

import subprocess

from lab.processes import die_with_parent


def address(host, family):
    return host.IP() if family == 4 else host.ipv6


def pairs(hosts):
    """Ordered pairs of different hosts."""
    return [(one, other) for one in hosts for other in hosts if one is not other]


def lost_pairs(wanted, family=4, wait_s=2):
    """Pings each pair once, all at the same time; answers the pairs (by name) that got no answer.

    wanted: (host, host) pairs; family: 4 or 6; wait_s: how long an answer may take.
    """
    running = []
    for source in dict.fromkeys(source for source, _ in wanted):
        targets = {address(target, family): target for one, target in wanted if one is source}
        one_ping = '(ping -n -q -c 1 -W %d %s >/dev/null 2>&1 && echo %s) &'
        script = ' '.join(one_ping % (wait_s, ip, ip) for ip in targets) + ' wait'
        running.append((source, targets, in_host(source, ['sh', '-c', script], stdout=subprocess.PIPE, text=True)))
    lost = []
    for source, targets, process in running:
        answered = set(process.communicate()[0].split())
        lost += [(source.name, target.name) for ip, target in targets.items() if ip not in answered]
    return lost


def lost_in_turn(hosts, wait_s=1):
    """Pings each pair once over IPv4, one after the other in the order of Mininet's pingAll; answers the pairs lost."""
    command = 'ping -c1 -W %d %s'
    return [(source.name, target.name) for source, target in pairs(hosts)
            if ' 1 received' not in source.cmd(command % (wait_s, target.IP()))]


def in_host(host, argv, **options):
    """A process in a host's network namespace that ends with this program. Mininet gives it a session of its own."""
    return host.popen(argv, preexec_fn=die_with_parent, **{'stdin': subprocess.DEVNULL, **options})
