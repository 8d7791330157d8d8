/** Questions back to the user of a chat, and which choice an answer in words is. */
import type { Question } from '../../runtime/index.ts'
import { markerOf } from './request.ts'

type Choices = Question['choices']

/** A question as the assistant asks it, choices numbered. */
export function questionText(question: Pick<Question, 'text' | 'choices'>, run: string): string {
  const choices = question.choices.map(({ says }, index) => `${index + 1}. ${says}`)
  return `${question.text}\n\n${choices.join('\n')}\n\nPlease answer with a number.\n\n${markerOf(run)}`
}

/** The choice that `text` names: by number, by its words, or by words that only it has; undefined when that is not clear. */
export function choiceOf(choices: Choices, text: string): string | undefined {
  const said = text.trim().toLowerCase()
  const number = /^(?:option|number|choice|no\.?|#)?\s*\(?(\d{1,3})[.)]?$/.exec(said)?.[1]
  if (number !== undefined) return choices[Number(number) - 1]?.id
  const plain = said.replace(/[.!?\s]+$/, '')
  const exact = choices.find(({ id, says }) => id.toLowerCase() === plain || says.toLowerCase() === plain)
  if (exact !== undefined) return exact.id
  const [only, ...others] =
    plain.length < 3
      ? []
      : choices.filter(({ says }) => says.toLowerCase().includes(plain) || plain.includes(says.toLowerCase()))
  return others.length === 0 ? only?.id : undefined
}
