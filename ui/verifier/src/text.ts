// What counts as said (docs/formats/gates.md).

const SEEN = /[\p{L}\p{N}]/u;
/** Letters to Unicode that show nothing. */
const FILLERS = /\p{Default_Ignorable_Code_Point}/gu;

/** Whether somebody wrote something: a letter or digit that can be seen. */
export const said = (text: string): boolean => SEEN.test(text.normalize("NFKC").replace(FILLERS, ""));

/** What is left of a text without case, marks, punctuation and spaces. Exact for ASCII; of other letters it does not know which
 * look alike. */
export function gist(text: string): string {
  const bare = text
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .replace(FILLERS, "");
  return bare
    .replace(/[01m]/g, (c) => (c === "0" ? "o" : c === "1" ? "l" : "rn"))
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Whether a text has at least `words` different words. */
export function tells(text: string, words: number): boolean {
  const found = text.match(/[\p{L}\p{N}\p{M}]+(?:[.'’:_][\p{L}\p{N}\p{M}]+)*/gu) ?? [];
  // Not every script parts its words with spaces: there each sign is one.
  const parted = found.flatMap((word) =>
    /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]/.test(word) ? [...word] : [word],
  );
  const counted = parted.filter((word) => [...word].length > 1 || !/^[\0-\x7f]*$/.test(word));
  return new Set(counted.map(gist).filter((word) => word !== "")).size >= words;
}

const TITLES = new Set(
  "det detective sgt sergeant ofc officer lt lieutenant capt captain cpl dep deputy insp inspector mr mrs ms dr agent".split(
    " ",
  ),
);

/** The words of a text that tell somebody from others. */
export function named(text: string): Set<string> {
  const words = text.split(/[^\p{Alphabetic}\p{N}]+/u).filter((word) => {
    const lower = word.toLowerCase();
    return ([...lower].length > 1 || !/^[\0-\x7f]*$/.test(lower)) && !TITLES.has(lower);
  });
  return new Set(words.map(gist).filter((word) => word !== ""));
}

export interface Name {
  words: Set<string>;
  badge: string;
}

export const nameOf = (name: string, badge: string): Name => ({ words: named(name), badge: gist(badge) });

const within = (one: Set<string>, all: Set<string>): boolean => [...one].every((word) => all.has(word));
const same = (one: Set<string>, other: Set<string>): boolean => one.size === other.size && within(one, other);

/** Whether `text` names them among other things. */
export function standsIn(name: Name, text: Set<string>): boolean {
  const found =
    name.words.size === 1 ? same(name.words, text) : name.words.size > 1 && within(name.words, text);
  return found || ([...name.badge].length >= 3 && text.has(name.badge));
}

/** Whether `text` is their name and nothing else. */
export const isName = (name: Name, text: Set<string>): boolean =>
  name.words.size > 0 && same(name.words, text);

export const trimmed = (text: string): string =>
  text.replace(/^[\p{White_Space}]+|[\p{White_Space}]+$/gu, "");
export const length = (text: string): number => [...text].length;
