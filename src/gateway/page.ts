/** Lists in pages: so many at a time, after the last one that was seen. */
import { z } from 'zod'

/** The query of a list. */
export const pageQuery = z.object({
  /** The `next` of the page before. */
  after: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Where to go on after a page; nothing when it was the last. */
export function nextOf(ids: readonly string[], limit: number): { readonly next?: string } {
  const last = ids.at(-1)
  return last === undefined || ids.length < limit ? {} : { next: last }
}

/** The page of `all`, which is in order of `idOf`. */
export function pageOf<T>(
  all: readonly T[],
  idOf: (one: T) => string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): { readonly page: readonly T[]; readonly next?: string } {
  const start = after === undefined ? 0 : all.findIndex(one => idOf(one) === after) + 1
  const page = all.slice(start, start + limit)
  return { page, ...(start + limit < all.length ? nextOf(page.map(idOf), limit) : {}) }
}
