// Is this Node new enough? Asked first, since nothing else says it so plainly.
import { CannotGoOn } from './say.mjs';

const OLDEST = { major: 20, minor: 19 };
const FIRST_TOO_NEW_MAJOR = 25;

/** Throws CannotGoOn with the way to a fitting Node where `version` (as in process.versions.node) does not fit. */
export function checkNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const tooOld = major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
  if (!tooOld && major < FIRST_TOO_NEW_MAJOR) return;
  throw new CannotGoOn(
    `Signalbox needs Node ${OLDEST.major}.${OLDEST.minor} to ${FIRST_TOO_NEW_MAJOR - 1}, this is ${version}. ` +
      `Debian 12's own nodejs is 18. Get a newer one from https://nodejs.org/en/download (unpack the Linux archive ` +
      `and put its bin directory first in PATH) or, as root, from https://github.com/nodesource/distributions: ` +
      `curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs`,
  );
}
