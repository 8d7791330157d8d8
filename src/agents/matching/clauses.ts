/** Clauses: a request that asks for several things names each in a part of its own. */

const sentenceEnd = /[.?!;]+\s+|\n+/
const clauseEnd = /,\s+|\s+(?:and\s+)?(?:then|after that|afterwards|finally|additionally|also|lastly|next)\b,?\s*/i

/** The sentences of `request` and the clauses of each, without repeats; the longer before its parts. */
export function clausesOf(request: string): readonly string[] {
  const sentences = partsOf(request, sentenceEnd)
  return [...new Set(sentences.flatMap(sentence => [sentence, ...partsOf(sentence, clauseEnd)]))]
}

function partsOf(text: string, end: RegExp): readonly string[] {
  return text
    .split(end)
    .map(part => part.trim())
    .filter(part => part !== '')
}
