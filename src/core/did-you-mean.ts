/** What somebody most likely meant by a name that is none. */

/** A longer word is no slip of a finger, and comparing costs its length times theirs. */
const MAX_LENGTH = 64;
/** So much of a word may be wrong: a letter in three. */
const LETTERS_PER_SLIP = 3;

/** The name nearest to `word`, whatever its capitals, `-` and `_`; undefined where none is near. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  const wanted = plain(word);
  if (wanted.length === 0 || wanted.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(wanted.length / LETTERS_PER_SLIP)) + 1;
  for (const name of names) {
    const slips = slipsBetween(wanted, plain(name));
    if (slips >= fewest) continue;
    best = name;
    fewest = slips;
  }
  return best;
}

/** ` (did you mean start?)` or nothing, for the end of a clause. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const name = nearest(word, names);
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** Letters left out, added, changed, or swapped with their neighbour, to come from one word to the other. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        row[j]! + 1,
        next[j - 1]! + 1,
        row[j - 1]! + (same ? 0 : 1),
        swapped ? before[j - 2]! + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
