"""Child processes that do not outlive this program, and signals that let it clean up."""

import ctypes
import os
import signal
import subprocess

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


def spawn(argv, **options):
    """A child in a session of its own (Ctrl-C at the terminal is not meant for it) that ends when this program does."""
    return subprocess.Popen(argv, preexec_fn=die_with_parent, start_new_session=True, **options)


def die_with_parent():
    """For a new child: the kernel sends it SIGTERM when its parent is gone, even by SIGKILL."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def stop(process, patience_s=10):
    """Ends a child by SIGTERM, by SIGKILL where it takes longer than its patience; answers whether it went by itself."""
    if process.poll() is not None:
        return True
    process.terminate()
    try:
        process.wait(patience_s)
        return True
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def identity(pid):
    """(pid, start time) names a process for good, as a pid alone does not; None where it is gone."""
    try:
        with open('/proc/%d/stat' % pid, encoding='ascii', errors='replace') as file:
            return [pid, file.read().rpartition(')')[2].split()[19]]
    except OSError:
        return None


def end_by_identity(known):
    """Kills the process of an `identity` if it is still that one."""
    if known and identity(known[0]) == list(known):
        try:
            os.kill(known[0], signal.SIGKILL)
        except ProcessLookupError:
            pass


class Interrupted(BaseException):
    """A signal asked the program to end. Not an Exception, so that nothing swallows it on the way to the cleanup."""

    def __init__(self, number):
        super().__init__(signal.Signals(number).name)
        self.number = number


def signals_interrupt():
    """SIGINT, SIGTERM and SIGHUP raise Interrupted in the main thread; so does the death of the parent."""
    def interrupt(number, _frame):
        raise Interrupted(number)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    die_with_parent()


def signals_wait():
    """From here on the cleanup runs to its end, whatever is sent."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
