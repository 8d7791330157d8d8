/** Words: what a text says, as stems and as pieces of letters. The same text always gives the same words. */

// More words than this say nothing new about what is asked.
const mostWords = 400

/** The words of `text`, in order: lower-case, without accents, `camelCase` and `snake_case` taken apart. */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[’‘`]/g, "'")
    .replaceAll(/n't\b/g, ' not')
    .replaceAll(/'(s|m|re|ve|ll|d)\b/g, ' $1')
  return (plain.match(/[\p{L}\p{N}£$€]+/gu) ?? []).slice(0, mostWords)
}

// What is taken off the end of a word, longest first, and what is put there instead.
const endings: readonly (readonly [ending: string, instead: string])[] = [
  ['izations', 'iz'],
  ['ization', 'iz'],
  ['ations', ''],
  ['ation', ''],
  ['ities', ''],
  ['ments', ''],
  ['ings', ''],
  ['ment', ''],
  ['ions', ''],
  ['ity', ''],
  ['ing', ''],
  ['ies', 'y'],
  ['ion', ''],
  ['ers', ''],
  ['ors', ''],
  ['ive', ''],
  ['ed', ''],
  ['er', ''],
  ['or', ''],
  ['al', ''],
  ['ly', ''],
  ['es', ''],
  ['s', ''],
]
const shortestStem = 4

/** The stem of a word, so that `booking`, `booked` and `books` are one. A light stemmer after Lovins (1968): one ending goes. */
export function stemOf(word: string): string {
  let stem = word
  if (word.length > 3 && word.endsWith('s') && !/(ss|us|is)$/.test(word)) stem = word.slice(0, -1)
  for (const [ending, instead] of endings) {
    if (!stem.endsWith(ending) || stem.length - ending.length + instead.length < shortestStem) continue
    stem = stem.slice(0, -ending.length) + instead
    break
  }
  return stem.length > 3 ? stem.replace(/(?:e|(?<=[a-z])y)$/, '').replace(/([^aeioul])\1$/, '$1') : stem
}

/** The pieces of `shortest` to `longest` letters within a word, its ends marked by a space; a short word is its own piece. */
export function piecesOf(word: string, shortest: number, longest: number): readonly string[] {
  const marked = ` ${word} `
  const pieces: string[] = []
  for (let length = shortest; length <= longest; length++) {
    if (marked.length <= length) return [...pieces, marked]
    for (let at = 0; at + length <= marked.length; at++) pieces.push(marked.slice(at, at + length))
  }
  return pieces
}

// Words that hold a sentence together and say nothing of what it is about.
const fillers = new Set(
  `a an and are as at be by can could do does for from have i if in into is it its me my of on or our please so some that the
  their them then there these this those to us was we were which who will with would you your`.split(/\s+/),
)

/** Whether a word says nothing of what a text is about. */
export function isFiller(word: string): boolean {
  return fillers.has(word)
}
