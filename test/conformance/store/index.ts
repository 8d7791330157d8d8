/** The exam that every driver of the store sits: each clause of its port, tried kindly and unkindly. */
import { describe } from 'vitest'
import { commitExam, documentExam, journalExam } from './commits.ts'
import { poolExam } from './pools.ts'
import { queueExam } from './queue.ts'
import type { Place } from './sitting.ts'

/** Examines the driver called `name`; `newPlace` makes an empty place for one store. */
export function storeExam(name: string, newPlace: () => Promise<Place>): void {
  describe(`the store over ${name}`, () => {
    commitExam(newPlace)
    journalExam(newPlace)
    documentExam(newPlace)
    queueExam(newPlace)
    poolExam(newPlace)
  })
}
